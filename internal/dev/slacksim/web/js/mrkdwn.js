/**
 * Slack's mrkdwn, read into the parts of a rich_text block, so that both have
 * one renderer. Text is data all the way: nothing here makes markup.
 * https://docs.slack.dev/messaging/formatting-message-text
 */

const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const unescape = (text) => text.replace(/&(amp|lt|gt);/g, (e) => entities[e]);

const marks = { '*': 'bold', _: 'italic', '~': 'strike' };
const quoted = /^(?:>|&gt;) ?/;

/**
 * @param {string} text
 * @param {{verbatim?: boolean}} [options] verbatim leaves bare addresses alone
 * @returns {object[]} elements of a rich_text block
 */
export function parseMrkdwn(text, options = {}) {
  const blocks = [];
  for (const [i, piece] of (text ?? '').split('```').entries()) {
    const open = i % 2 === 1;
    if (open) blocks.push({ type: 'rich_text_preformatted', elements: preformatted(piece) });
    else blocks.push(...lines(piece, options, i > 0));
  }
  return blocks;
}

function preformatted(piece) {
  const body = piece.replace(/^\n/, '').replace(/\n$/, '').replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target, label) => label ?? target);
  return [{ type: 'text', text: unescape(body) }];
}

/** Groups lines that are quoted and lines that are not. */
function lines(piece, options, afterCode) {
  const groups = [];
  for (const line of (afterCode ? piece.replace(/^\n/, '') : piece).split('\n')) {
    const quote = quoted.test(line);
    const last = groups.at(-1);
    if (last?.quote === quote) last.lines.push(line);
    else groups.push({ quote, lines: [line] });
  }
  return groups
    .filter((g) => g.quote || g.lines.some((l) => l !== ''))
    .map((g) => ({
      type: g.quote ? 'rich_text_quote' : 'rich_text_section',
      elements: inline(g.lines.map((l) => (g.quote ? l.replace(quoted, '') : l)).join('\n'), {}, options),
    }));
}

const token = /`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):|(https?:\/\/[^\s<>|]+)|[*_~]/g;

/** Reads running text with a style that holds for all of it. */
function inline(text, style, options) {
  const found = [];
  let plain = 0;
  token.lastIndex = 0;
  for (let m = token.exec(text); m; m = token.exec(text)) {
    const node = read(text, m, style, options);
    if (!node) continue;
    if (m.index > plain) found.push(words(text.slice(plain, m.index), style));
    found.push(...node.elements);
    plain = node.end;
    token.lastIndex = plain;
  }
  if (plain < text.length) found.push(words(text.slice(plain), style));
  return found;
}

const words = (text, style) => ({ type: 'text', text: unescape(text), style });

function read(text, m, style, options) {
  const [whole, code, target, emoji, address] = m;
  const end = m.index + whole.length;
  if (code !== undefined) return { end, elements: [words(code, { ...style, code: true })] };
  if (target !== undefined) return { end, elements: [entity(target, style)] };
  if (emoji !== undefined) return { end, elements: [{ type: 'emoji', name: emoji }] };
  if (address !== undefined) return options.verbatim ? null : bareLink(address, m.index, style);
  return emphasis(text, m.index, style, options);
}

function bareLink(address, index, style) {
  const url = address.replace(/[.,;:!?)]+$/, '');
  return { end: index + url.length, elements: [{ type: 'link', url: unescape(url), style }] };
}

/** A mark opens after a boundary, closes before one, and holds no blank at its edges. */
function emphasis(text, index, style, options) {
  const mark = text[index];
  if (index > 0 && /[\p{L}\p{N}*_~`]/u.test(text[index - 1])) return null;
  for (let end = text.indexOf(mark, index + 1); end > 0; end = text.indexOf(mark, end + 1)) {
    const inner = text.slice(index + 1, end);
    if (inner.includes('\n')) return null;
    if (!inner || /^\s|\s$/.test(inner) || /[\p{L}\p{N}]/u.test(text[end + 1] ?? '')) continue;
    const at = token.lastIndex;
    const elements = inline(inner, { ...style, [marks[mark]]: true }, options);
    token.lastIndex = at;
    return { end: end + 1, elements };
  }
  return null;
}

/** What stands between < and >. */
function entity(inner, style) {
  const bar = inner.indexOf('|');
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : unescape(inner.slice(bar + 1));
  if (target.startsWith('@')) return { type: 'user', user_id: target.slice(1), label, style };
  if (target.startsWith('#')) return { type: 'channel', channel_id: target.slice(1), label, style };
  if (target.startsWith('!subteam^')) return { type: 'usergroup', usergroup_id: target.slice(9), label, style };
  if (target.startsWith('!date^')) return dateEntity(target, label, style);
  if (/^!(here|channel|everyone)$/.test(target)) return { type: 'broadcast', range: target.slice(1), style };
  if (/^(https?|mailto|tel):/i.test(target)) return { type: 'link', url: unescape(target), text: label, style };
  return words(`<${inner}>`, style);
}

function dateEntity(target, fallback, style) {
  const [, seconds, format, url] = target.split('^');
  return { type: 'date', timestamp: Number(seconds), format: unescape(format ?? ''), url, fallback, style };
}
