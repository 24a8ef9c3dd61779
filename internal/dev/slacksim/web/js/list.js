/** A list of messages: days, groups of one person's messages, older ones on the way up. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html, useElement } from './html.js';
import { dayName, dayOf, momentOf } from './dates.js';
import { Icon } from './icons.js';
import { Message } from './message.js';
/** @import { MessageData, Session } from './types.js' */

const together = 5 * 60; // seconds within which messages of one person stand together
const nearEnd = 80; // pixels

/**
 * @param {{messages: MessageData[], session: Session, label: string, inThread?: boolean, newFrom?: string, onOlder?: Function, more?: boolean, start?: any}} props
 *   start stands above the first message
 */
export function MessageList({ messages, session, label, inThread, newFrom, onOlder, more, start }) {
  /** @type {{current: HTMLElement}} */
  const box = useElement();
  const [missed, setMissed] = useState(0);
  const kept = useKeptPlace(box, messages, setMissed, Boolean(session.focus));
  const scroll = ({ target }) => { // which may have left the page by then
    const { scrollTop, scrollHeight, clientHeight } = target;
    kept.atEnd = scrollHeight - scrollTop - clientHeight < nearEnd;
    if (kept.atEnd && missed) setMissed(0);
    if (scrollTop < 200 && more) onOlder?.();
  };
  const grown = () => { if (kept.atEnd) toEnd(); }; // a picture has come
  const toEnd = () => { box.current.scrollTop = box.current.scrollHeight; };
  return html`<div class="list-wrap">
    <div class="message-list" ref=${box} onScroll=${scroll} onLoadCapture=${grown} onKeyDown=${arrows} tabindex="0" role="log" aria-label=${label}>
      <div class="list-start">${more ? html`<span class="quiet">Older messages…</span>` : start}</div>
      ${rows({ messages, session, inThread, newFrom })}
    </div>
    ${missed > 0 && html`<button type="button" class="missed" onClick=${toEnd}><${Icon} name="down" size=${15} /> ${missed === 1 ? '1 new message' : `${missed} new messages`}</button>`}
  </div>`;
}

/** @param {{messages: MessageData[], session: Session, inThread?: boolean, newFrom: string|undefined}} props */
function rows({ messages, session, inThread, newFrom }) {
  const { reader } = session;
  const found = [];
  /** @type {MessageData|undefined} */
  let before;
  for (const [i, m] of messages.entries()) {
    const day = dayOf(momentOf(m.ts), reader.tz);
    const newDay = !before || day !== dayOf(momentOf(before.ts), reader.tz);
    if (newDay && !inThread) found.push(html`<div class="day" key=${day}><span>${dayName(momentOf(m.ts), reader.tz, reader.now)}</span></div>`);
    if (m.ts === newFrom) found.push(html`<div class="new-line" key="new"><span>New</span></div>`);
    const follows = before && !newDay && m.ts !== newFrom && before.user === m.user && before.username === m.username && !before.only_for && !m.broadcast
      && Number(m.ts) - Number(before.ts) < together && !m.subtype?.includes('_') === !before.subtype?.includes('_');
    found.push(html`<${Message} key=${m.ts} m=${m} follows=${follows} session=${session} reader=${reader} inThread=${inThread} focused=${session.focus === m.ts} />`);
    if (inThread && i === 0) found.push(html`<div class="day thread-line" key="replies"><span>${replies(messages.length - 1)}</span></div>`);
    before = inThread && i === 0 ? undefined : m;
  }
  return found;
}

const replies = (n) => (n === 0 ? 'No replies yet' : n === 1 ? '1 reply' : `${n} replies`);

/**
 * Stays at the end while new messages come, and at its place while older ones do.
 * @param {{current: HTMLElement}} box
 * @param {MessageData[]} messages
 * @param {(count: number | ((before: number) => number)) => void} setMissed
 * @param {boolean} focused
 */
function useKeptPlace(box, messages, setMissed, focused) {
  /** @type {{atEnd: boolean, first?: string, last?: string, height: number}} */
  const kept = useRef({ atEnd: true, height: 0 }).current;
  useLayoutEffect(() => {
    const list = box.current;
    const [first, last] = [messages[0]?.ts, messages.at(-1)?.ts];
    const known = kept.last;
    const olderCame = kept.first && first < kept.first && last === kept.last;
    if (olderCame) list.scrollTop += list.scrollHeight - kept.height;
    else if (kept.atEnd && !focused) list.scrollTop = list.scrollHeight;
    else if (known && last && last > known) setMissed((n) => n + messages.filter((m) => m.ts > known).length);
    Object.assign(kept, { first, last, height: list.scrollHeight });
  }, [messages]);
  useLayoutEffect(() => {
    const follow = new ResizeObserver(() => { if (kept.atEnd) box.current.scrollTop = box.current.scrollHeight; });
    follow.observe(box.current);
    return () => follow.disconnect();
  }, []);
  return kept;
}

/** The arrow keys go from message to message. */
function arrows(event) {
  if (!['ArrowUp', 'ArrowDown'].includes(event.key) || !/^(message|message-list)\b/.test(event.target.className)) return;
  const items = [...event.currentTarget.querySelectorAll('.message')];
  const at = items.indexOf(document.activeElement);
  const to = event.key === 'ArrowUp' ? (at < 0 ? items.length - 1 : at - 1) : at + 1;
  if (at < 0 && event.key === 'ArrowDown') return;
  event.preventDefault();
  items[to]?.focus();
}
