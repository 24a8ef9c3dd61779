/**
 * The Markdown of a markdown block, read into parts of rich text and tables.
 * The usual subset: headings, emphasis, code, links, lists, quotes, fences,
 * rules and tables.
 * https://docs.slack.dev/reference/block-kit/blocks/markdown-block
 */

const rules = [
  { match: /^```(\w*)\s*$/, read: fence },
  { match: /^(#{1,6})\s+(.*)$/, read: heading },
  { match: /^(?:-{3,}|\*{3,}|_{3,})\s*$/, read: (lines) => (lines.shift(), { type: 'rich_text_rule' }) },
  { match: /^>\s?/, read: quote },
  { match: /^(\s*)([-*+]|\d+[.)])\s+/, read: list },
  { match: /^\|.*\|\s*$/, read: table },
];

/**
 * @param {string} text
 * @returns {object[]} parts of rich text, and {type: 'table', rows} among them
 */
export function parseMarkdown(text) {
  const lines = (text ?? '').split('\n');
  const parts = [];
  while (lines.length > 0) {
    if (lines[0].trim() === '') {
      lines.shift();
      continue;
    }
    const rule = rules.find((r) => r.match.test(lines[0]));
    parts.push(rule ? rule.read(lines) : paragraph(lines));
  }
  return parts;
}

function fence(lines) {
  lines.shift();
  const end = lines.findIndex((l) => l.startsWith('```'));
  const body = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: body.join('\n') }] };
}

function heading(lines) {
  const [, marks, text] = rules[1].match.exec(lines.shift());
  return { type: 'rich_text_heading', level: Math.min(marks.length, 4), elements: inline(text) };
}

function quote(lines) {
  const body = takeWhile(lines, (l) => l.startsWith('>')).map((l) => l.replace(/^>\s?/, ''));
  return { type: 'rich_text_quote', elements: inline(body.join('\n')) };
}

function list(lines) {
  const [, indent, mark] = rules[4].match.exec(lines[0]);
  const ordered = /\d/.test(mark);
  const mine = (l) => {
    const m = rules[4].match.exec(l);
    return m && m[1].length === indent.length && /\d/.test(m[2]) === ordered;
  };
  const items = takeWhile(lines, mine).map((l) => l.replace(rules[4].match, ''));
  return {
    type: 'rich_text_list', style: ordered ? 'ordered' : 'bullet', indent: Math.floor(indent.length / 2),
    offset: ordered ? parseInt(mark, 10) - 1 : 0,
    elements: items.map((item) => ({ type: 'rich_text_section', elements: inline(item) })),
  };
}

function table(lines) {
  const rows = takeWhile(lines, (l) => rules[5].match.test(l)).map((l) => l.trim().slice(1, -1).split('|').map((c) => c.trim()));
  const body = rows.filter((cells) => !cells.every((c) => /^:?-+:?$/.test(c)));
  return {
    type: 'table',
    rows: body.map((cells) => cells.map((c) => ({
      type: 'rich_text', elements: [{ type: 'rich_text_section', elements: inline(c) }],
    }))),
  };
}

function paragraph(lines) {
  const body = takeWhile(lines, (l, i) => l.trim() !== '' && (i === 0 || !rules.some((r) => r.match.test(l))));
  return { type: 'rich_text_section', elements: inline(body.join('\n')) };
}

function takeWhile(lines, wanted) {
  let n = 0;
  while (n < lines.length && wanted(lines[n], n)) n += 1;
  return lines.splice(0, n);
}

const token = /`([^`]+)`|\[([^\]]*)\]\(([^)\s]+)\)|\*\*([^*]+)\*\*|__([^_]+)__|~~([^~]+)~~|(?<![\w*])\*([^*\s][^*]*)\*|(?<![\w_])_([^_\s][^_]*)_(?!\w)|:([a-z0-9_+-]+):|(https?:\/\/[^\s<>]+)/g;

function inline(text, style = {}) {
  const found = [];
  let plain = 0;
  const add = (s) => s && found.push({ type: 'text', text: s, style });
  for (const m of text.matchAll(token)) {
    add(text.slice(plain, m.index));
    found.push(...read(m, style));
    plain = m.index + m[0].length;
  }
  add(text.slice(plain));
  return found;
}

function read(m, style) {
  const [, code, label, url, bold, bold2, strike, italic, italic2, emoji, address] = m;
  if (code !== undefined) return [{ type: 'text', text: code, style: { ...style, code: true } }];
  if (url !== undefined) return [{ type: 'link', url, text: label, style }];
  if (bold ?? bold2) return inline(bold ?? bold2, { ...style, bold: true });
  if (strike) return inline(strike, { ...style, strike: true });
  if (italic ?? italic2) return inline(italic ?? italic2, { ...style, italic: true });
  if (emoji) return [{ type: 'emoji', name: emoji }];
  return [{ type: 'link', url: address, style }];
}
