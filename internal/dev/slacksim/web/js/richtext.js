/** Renders rich text: the rich_text block, and mrkdwn and markdown read into it. */
import { html, cx } from './html.js';
import { emojiOf } from './emoji.js';
import { dateText, fullTime } from './dates.js';
import { parseMrkdwn } from './mrkdwn.js';
/** @import { Block, Channel, Person, Usergroup } from './types.js' */

/**
 * What a reader of text is told about the workspace.
 * @typedef {object} Reader
 * @property {string} tz
 * @property {Date} now
 * @property {Person} [me] the person who reads
 * @property {(id: string) => Person|undefined} person
 * @property {(id: string) => Channel|undefined} channel
 * @property {(id: string) => Usergroup|undefined} group
 * @property {(url: string) => (Function|undefined)} follow what a click on an address of the workspace does
 * @property {(id: string) => void} [openChannel]
 */

/**
 * A text object, or nothing.
 * @param {{text: {type: string, text: string, emoji?: boolean, verbatim?: boolean}, reader: Reader}} props
 */
export function Text({ text, reader }) {
  if (!text) return null;
  if (text.type === 'mrkdwn') return html`<${Mrkdwn} text=${text.text} verbatim=${text.verbatim} reader=${reader} />`;
  return html`<span class="plain">${text.emoji === false ? text.text : withEmoji(text.text)}</span>`;
}

/** Mrkdwn as it stands in messages. @param {{text: string, verbatim?: boolean, reader: Reader}} props */
export function Mrkdwn({ text, verbatim, reader }) {
  return html`<${RichText} elements=${parseMrkdwn(text, { verbatim })} reader=${reader} />`;
}

/** Replaces :names: that are known in plain text. @param {string} text */
export function withEmoji(text) {
  return (text ?? '').split(/(:[a-z0-9_+'-]+:)/).map((piece, i) =>
    (i % 2 ? html`<${Emoji} name=${piece.slice(1, -1)} />` : piece));
}

/** One emoji, or its name where the table has none. @param {{name: string, unicode?: string}} props */
export function Emoji({ name, unicode }) {
  const char = emojiOf(name) ?? fromCode(unicode);
  if (!char) return html`<span class="emoji-name">:${name}:</span>`;
  return html`<span class="emoji" role="img" aria-label=${name.replaceAll('_', ' ')} title=${`:${name}:`}>${char}</span>`;
}

function fromCode(unicode) {
  if (!/^[0-9a-f]{2,6}(-[0-9a-f]{2,6})*$/i.test(unicode ?? '')) return undefined;
  const points = unicode.split('-').map((x) => parseInt(x, 16));
  return points.every((p) => p <= 0x10ffff) ? String.fromCodePoint(...points) : undefined;
}

/** The elements of a rich_text block. @param {{elements: object[], reader: Reader}} props */
export function RichText({ elements, reader }) {
  return (elements ?? []).map((part) => html`<${Part} part=${part} reader=${reader} />`);
}

/** @param {{part: Block, reader: Reader}} props */
function Part({ part, reader }) {
  const content = (part.elements ?? []).map((el) => html`<${Inline} el=${el} reader=${reader} />`);
  switch (part.type) {
    case 'rich_text_section': return html`<div class="rich-section">${content}</div>`;
    case 'rich_text_quote': return html`<blockquote>${content}</blockquote>`;
    case 'rich_text_preformatted': return html`<pre tabindex="0">${content}</pre>`;
    case 'rich_text_heading': return html`<div class=${`rich-heading level-${part.level}`} role="heading" aria-level=${part.level + 1}>${content}</div>`;
    case 'rich_text_list': return html`<${List} list=${part} reader=${reader} />`;
    case 'rich_text_rule': return html`<hr />`;
    default: return html`<div class="unknown">A part of type “${part.type}” that is not known here.</div>`;
  }
}

/** @param {{list: Block, reader: Reader}} props */
function List({ list, reader }) {
  const items = (list.elements ?? []).map((item) => html`<li>
    ${(item.elements ?? []).map((el) => html`<${Inline} el=${el} reader=${reader} />`)}
  </li>`);
  const indent = `list indent-${Math.min(list.indent ?? 0, 4)}`;
  if (list.style === 'ordered') return html`<ol class=${indent} start=${(list.offset ?? 0) + 1}>${items}</ol>`;
  return html`<ul class=${indent}>${items}</ul>`;
}

/** @param {{el: Block, reader: Reader}} props */
function Inline({ el, reader }) {
  return styled(el.style, inlineContent(el, reader));
}

function inlineContent(el, reader) {
  switch (el.type) {
    case 'text': return el.text;
    case 'emoji': return html`<${Emoji} name=${el.name} unicode=${el.unicode} />`;
    case 'link': return html`<${Link} url=${el.url} text=${el.text} reader=${reader} />`;
    case 'user': return html`<${Mention} el=${el} reader=${reader} />`;
    case 'channel': return html`<${ChannelLink} el=${el} reader=${reader} />`;
    case 'usergroup': return html`<${GroupMention} el=${el} reader=${reader} />`;
    case 'broadcast': return html`<span class="mention loud">@${el.range}</span>`;
    case 'team': return html`<span class="mention">${el.team_id}</span>`;
    case 'date': return html`<${DateText} el=${el} reader=${reader} />`;
    case 'color': return html`<code class="color">${el.value}</code>`;
    default: return html`<span class="unknown">${el.type}</span>`;
  }
}

function styled(style, content) {
  if (!style) return content;
  let node = content;
  if (style.code) node = html`<code>${node}</code>`;
  if (style.strike) node = html`<s>${node}</s>`;
  if (style.underline) node = html`<u>${node}</u>`;
  if (style.highlight || style.client_highlight) node = html`<mark>${node}</mark>`;
  if (style.italic) node = html`<em>${node}</em>`;
  if (style.bold) node = html`<strong>${node}</strong>`;
  return node;
}

/**
 * A link that leaves the page, or moves within it when it leads into this
 * workspace. An address of another kind than http, https and mailto is text.
 * @param {{url: string, text?: string, reader: Reader, class?: string}} props
 */
export function Link({ url, text, reader, class: name }) {
  const label = text || url;
  if (!/^(https?:|mailto:)/i.test(url ?? '')) return html`<span>${label}</span>`;
  const inside = reader.follow?.(url);
  const click = inside && ((event) => { event.preventDefault(); inside(); });
  return html`<a href=${url} class=${name} title=${text ? url : undefined} target="_blank" rel="noreferrer noopener" onClick=${click}>${label}</a>`;
}

/** @param {{el: Block, reader: Reader}} props */
function Mention({ el, reader }) {
  const person = reader.person(el.user_id);
  const name = person?.real_name ?? (el.label || el.user_id);
  return html`<span class=${cx('mention', reader.me?.id === el.user_id && 'me')}>@${name}</span>`;
}

/** @param {{el: Block, reader: Reader}} props */
function GroupMention({ el, reader }) {
  const group = reader.group(el.usergroup_id);
  const mine = group?.members.includes(reader.me?.id ?? '');
  return html`<span class=${cx('mention', mine && 'me')}>@${group?.handle ?? ((el.label ?? '').replace(/^@/, '') || el.usergroup_id)}</span>`;
}

/** @param {{el: Block, reader: Reader}} props */
function ChannelLink({ el, reader }) {
  const channel = reader.channel(el.channel_id);
  const name = channel?.name ?? (el.label || el.channel_id);
  const { openChannel } = reader;
  if (!channel || !openChannel) return html`<span class="mention">#${name}</span>`;
  return html`<button type="button" class="mention channel-link" onClick=${() => openChannel(channel.id)}>#${name}</button>`;
}

/** @param {{el: Block, reader: Reader}} props */
function DateText({ el, reader }) {
  const text = dateText(el.timestamp, el.format ?? '', el.fallback ?? '', reader.tz, reader.now);
  const date = new Date(el.timestamp * 1000);
  const title = Number.isNaN(date.getTime()) ? '' : fullTime(date, reader.tz);
  const shown = html`<time title=${title}>${text || el.fallback || ''}</time>`;
  return el.url ? html`<${Link} url=${el.url} text=${text} reader=${reader} />` : shown;
}
