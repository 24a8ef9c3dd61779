/** The plan and task_card blocks: what an app is doing, and how far it is. */
import { html } from './html.js';
import { Icon } from './icons.js';
import { Link, RichText } from './richtext.js';

const states = {
  pending: { icon: 'clock', says: 'to do' },
  in_progress: { icon: 'play', says: 'under way' },
  complete: { icon: 'check', says: 'done' },
  error: { icon: 'close', says: 'failed' },
};

/** @param {{block: {title: string, tasks?: object[]}, ctx: object}} props */
export function Plan({ block, ctx }) {
  return html`<div class="plan"><strong>${block.title}</strong>
    ${(block.tasks ?? []).map((task) => html`<${Task} key=${task.task_id} block=${task} ctx=${ctx} />`)}</div>`;
}

/** @param {{block: object, ctx: object}} props */
export function Task({ block, ctx }) {
  const status = states[block.status] ? block.status : 'pending';
  return html`<div class=${`task ${status}`}>
    <span class="task-mark" role="img" aria-label=${states[status].says} title=${states[status].says}><${Icon} name=${states[status].icon} size=${15} /></span>
    <div class="task-body">${!block.hide_title && html`<div>${block.title}</div>`}
      ${[block.details, block.output].map((text) => text && html`<div class="prose quiet"><${RichText} elements=${text.elements} reader=${ctx.reader} /></div>`)}
      ${block.sources?.length > 0 && html`<div class="sources">${block.sources.map((s) => html`<${Link} url=${s.url} text=${s.text} reader=${ctx.reader} />`)}</div>`}
    </div></div>`;
}
