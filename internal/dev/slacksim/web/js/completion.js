/** What the composer offers for what is being typed. */
import { html, cx } from './html.js';
import { Avatar } from './avatar.js';
import { searchEmoji } from './emoji.js';
/** @import { Person, Session } from './types.js' */

const most = 7;

/** @typedef {{insert: string, label: string, hint?: string, note?: string, char?: string, person?: Person}} Offer */

/**
 * Offers for the word before the cursor: commands at the start, people and groups
 * after an at sign, channels after a number sign, emoji after a colon.
 * @param {string} text up to the cursor
 * @param {Session} session
 * @param {boolean} commands whether commands work here
 * @returns {{from: number, items: Offer[]}|null}
 */
export function offersFor(text, session, commands) {
  const command = commands && /^\/\S*$/.exec(text);
  if (command) return offer(0, commandItems(session, command[0]));
  const m = /(?:^|[\s(])([@#:])([\w.+'-]*)$/.exec(text);
  if (!m) return null;
  const from = text.length - m[2].length - 1;
  const typed = m[2].toLowerCase();
  if (m[1] === '@') return offer(from, peopleItems(session, typed));
  if (m[1] === '#') return offer(from, channelItems(session, typed));
  return typed.length < 2 ? null : offer(from, searchEmoji(typed, most).map(({ name, char }) => ({ insert: `:${name}:`, label: `:${name}:`, char })));
}

const offer = (from, items) => (items.length > 0 ? { from, items: items.slice(0, most) } : null);

/** @param {Session} session @param {string} typed */
const commandItems = (session, typed) => session.summary.commands
  .filter((c) => c.name.startsWith(typed) && c.name !== typed)
  .map((c) => ({ insert: c.name, label: c.name, hint: c.hint, note: c.description }));

/** @param {Session} session @param {string} typed */
function peopleItems(session, typed) {
  const { summary, channel } = session;
  const fits = (...names) => names.some((n) => n?.toLowerCase().startsWith(typed));
  const here = (p) => channel?.members.includes(p.id);
  const people = summary.people.filter((p) => !p.deactivated && fits(p.name, p.real_name))
    .sort((a, b) => Number(here(b)) - Number(here(a)))
    .map((p) => ({ insert: `@${p.name}`, label: p.real_name, note: here(p) ? '' : 'not in this channel', person: p }));
  const groups = summary.usergroups.filter((g) => !g.disabled && fits(g.handle, g.name))
    .map((g) => ({ insert: `@${g.handle}`, label: `@${g.handle}`, note: `${g.name}, ${g.members.length}` }));
  return [...people, ...groups];
}

/** @param {Session} session @param {string} typed */
const channelItems = (session, typed) => session.summary.channels
  .filter((c) => !c.im && !c.mpim && c.name?.startsWith(typed) && (!c.private || c.members.includes(session.me.id)))
  .map((c) => ({ insert: `#${c.name}`, label: `#${c.name}` }));

/** The list of offers above the composer. @param {{id: string, items: Offer[], active: number, onPick: Function}} props */
export function Offers({ id, items, active, onPick }) {
  return html`<div class="offers" role="listbox" id=${id} aria-label="Suggestions">
    ${items.map((item, i) => html`<div role="option" id=${`${id}-${i}`} class=${cx('option', i === active && 'active')} aria-selected=${String(i === active)}
        onPointerDown=${(e) => { e.preventDefault(); onPick(item); }}>
      ${item.person && html`<${Avatar} person=${item.person} size="tiny" />`}${item.char && html`<span class="emoji">${item.char}</span>`}
      <span class="menu-label">${item.label}${item.hint && html` <span class="quiet">${item.hint}</span>`}${item.note && html`<small>${item.note}</small>`}</span></div>`)}
  </div>`;
}
