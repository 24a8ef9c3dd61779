/** Renders Block Kit: one component for each kind of block. */
import { useState } from 'preact/hooks';
import { html, cx } from './html.js';
import { Icon } from './icons.js';
import { Element } from './elements.js';
import { Chart } from './charts.js';
import { InputBlock } from './inputblock.js';
import { Picture } from './picture.js';
import { Link, Text, RichText, withEmoji } from './richtext.js';
import { parseMarkdown } from './markdown.js';
import { Table, DataTable } from './tables.js';
import { Plan, Task } from './tasks.js';

/**
 * @typedef {object} Context what blocks need around them
 * @property {object} reader see richtext.js
 * @property {string} scope keeps names of radio groups apart
 * @property {object[]} people
 * @property {object[]} channels
 * @property {(block: object, el: object) => any} value what an element holds
 * @property {(block: object, el: object, value?: any) => void} act
 * @property {(block: object, el: object, value: any) => void} [type] fills in a field of a form
 * @property {Object<string, string>} [errors] by block id
 * @property {string} [busy] action id of the button that waits for an answer
 */

/** @param {{blocks: object[], ctx: Context}} props */
export function Blocks({ blocks, ctx }) {
  return (blocks ?? []).map((block) => {
    const Kind = kinds[block?.type] ?? Unknown;
    return html`<div class=${`block block-${Kind === Unknown ? 'unknown' : block.type}`} key=${block?.block_id}><${Kind} block=${block} ctx=${ctx} /></div>`;
  });
}

function Header({ block }) {
  return html`<div class=${`header level-${block.level ?? 1}`} role="heading" aria-level=${(block.level ?? 1) + 1}>
    ${block.text?.emoji === false ? block.text.text : withEmoji(block.text?.text)}</div>`;
}

function Section({ block, ctx }) {
  const label = block.text?.text?.slice(0, 80);
  return html`<div class=${cx('section', block.accessory && 'with-accessory')}>
    <div class="section-text">
      ${block.text && html`<div class="prose"><${Text} text=${block.text} reader=${ctx.reader} /></div>`}
      ${block.fields && html`<div class="fields">${block.fields.map((f) => html`<div class="prose"><${Text} text=${f} reader=${ctx.reader} /></div>`)}</div>`}
    </div>
    ${block.accessory && html`<div class="accessory"><${Element} el=${block.accessory} block=${block} ctx=${ctx} label=${label} /></div>`}
  </div>`;
}

function ContextBlock({ block, ctx }) {
  return html`<div class="context">${(block.elements ?? []).map((el) => (el.type === 'image'
    ? html`<${Picture} url=${el.image_url} alt=${el.alt_text} class="context-image" />`
    : html`<span class="context-text"><${Text} text=${el} reader=${ctx.reader} /></span>`))}</div>`;
}

function Actions({ block, ctx }) {
  return html`<div class="actions">${(block.elements ?? []).map((el) => html`<${Element} key=${el.action_id} el=${el} block=${block} ctx=${ctx} />`)}</div>`;
}

function ImageBlock({ block }) {
  return html`<figure>${block.title && html`<figcaption>${block.title.text}</figcaption>`}
    <${Picture} url=${block.image_url} alt=${block.alt_text} /></figure>`;
}

function Rich({ block, ctx }) {
  return html`<div class="prose"><${RichText} elements=${block.elements} reader=${ctx.reader} /></div>`;
}

function Markdown({ block, ctx }) {
  return html`<div class="prose">${parseMarkdown(block.text).map((part) => (part.type === 'table'
    ? html`<${Table} block=${part} ctx=${ctx} />`
    : html`<${RichText} elements=${[part]} reader=${ctx.reader} />`))}</div>`;
}

function Alert({ block, ctx }) {
  return html`<div class=${`alert ${block.level ?? 'default'}`} role="note"><${Text} text=${block.text} reader=${ctx.reader} /></div>`;
}

function Card({ block, ctx }) {
  return html`<div class="card">
    ${block.hero_image && html`<${Picture} url=${block.hero_image.image_url} alt=${block.hero_image.alt_text} />`}
    <div class="card-title">${block.icon && html`<${Picture} url=${block.icon.image_url} alt=${block.icon.alt_text} class="context-image" />`}
      <div><strong><${Text} text=${block.title} reader=${ctx.reader} /></strong>
        ${block.subtitle && html`<small><${Text} text=${block.subtitle} reader=${ctx.reader} /></small>`}</div></div>
    ${block.body && html`<div class="prose"><${Text} text=${block.body} reader=${ctx.reader} /></div>`}
    ${block.subtext && html`<small><${Text} text=${block.subtext} reader=${ctx.reader} /></small>`}
    ${block.actions && html`<div class="actions">${block.actions.map((el) => html`<${Element} el=${el} block=${block} ctx=${ctx} />`)}</div>`}
  </div>`;
}

function Carousel({ block, ctx }) {
  return html`<div class="carousel" tabindex="0" role="group" aria-label="Cards">${(block.elements ?? []).map((el) => html`<${Card} block=${el} ctx=${ctx} />`)}</div>`;
}

function Container({ block, ctx }) {
  const [open, setOpen] = useState(!block.default_collapsed);
  const title = block.title ? html`<${Text} text=${block.title} reader=${ctx.reader} />` : html`<${RichText} elements=${block.rich_text_title?.elements} reader=${ctx.reader} />`;
  return html`<div class="container">
    <div class="container-title"><div><strong>${title}</strong>${block.subtitle && html`<small><${Text} text=${block.subtitle} reader=${ctx.reader} /></small>`}</div>
      ${block.is_collapsible && html`<button type="button" class=${cx('icon-button', open && 'open')} aria-expanded=${String(open)} aria-label="Show or hide" onClick=${() => setOpen(!open)}><${Icon} name="down" /></button>`}</div>
    ${open && html`<${Blocks} blocks=${block.child_blocks} ctx=${ctx} />`}
  </div>`;
}

/** A video is not played here: it would come from elsewhere. */
function Video({ block, ctx }) {
  const title = block.title?.text;
  return html`<div class="video"><${Picture} url=${block.thumbnail_url} alt=${block.alt_text} />
    <strong>${block.title_url ? html`<${Link} url=${block.title_url} text=${title} reader=${ctx.reader} />` : title}</strong>
    <small>${[block.provider_name, block.author_name].filter(Boolean).join(' · ')}</small>
    ${block.description && html`<div class="prose"><${Text} text=${block.description} reader=${ctx.reader} /></div>`}</div>`;
}

/** What this page does not draw is named, and breaks nothing. */
function Unknown({ block }) {
  return html`<div class="unknown"><strong>A block of type “${String(block?.type)}”</strong>
    <p>This simulation does not draw it.${typeof block?.title === 'string' && ` Its title is “${block.title}”.`}</p>
    <details><summary>Its content</summary><pre tabindex="0">${JSON.stringify(block, null, 2)}</pre></details></div>`;
}

const kinds = {
  header: Header, section: Section, divider: () => html`<hr />`, context: ContextBlock, actions: Actions,
  context_actions: Actions, image: ImageBlock, rich_text: Rich, markdown: Markdown, table: Table, data_table: DataTable,
  alert: Alert, card: Card, carousel: Carousel, container: Container, input: InputBlock, video: Video,
  data_visualization: Chart, plan: Plan, task_card: Task,
};
