/** Attachments: the older way in which apps lay out a message. */
import { html } from './html.js';
import { Blocks } from './blocks.js';
import { Mrkdwn } from './richtext.js';
/** @import { Reader } from './types.js' */

/** @param {{attachment: object, ctx: object, reader: Reader}} props */
export function Attachment({ attachment: a, ctx, reader }) {
  if (a.blocks) return html`<div class="attachment"><${Blocks} blocks=${a.blocks} ctx=${ctx} /></div>`;
  const prose = (text) => text && html`<div class="prose"><${Mrkdwn} text=${text} reader=${reader} /></div>`;
  const written = a.title || a.text || a.pretext || a.fields?.length;
  return html`<div class="attachment">
    ${prose(a.pretext)}${a.title && html`<strong>${a.title}</strong>`}${prose(written ? a.text : a.fallback)}
    ${a.fields?.length > 0 && html`<dl class="attachment-fields">${a.fields.map((f) => html`<div><dt>${f.title}</dt><dd>${prose(f.value)}</dd></div>`)}</dl>`}
  </div>`;
}
