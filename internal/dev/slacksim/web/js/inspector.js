/** The traffic between the app and the workspace as it happens, and switches for faults. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html, cx, useElement } from './html.js';
import { get } from './api.js';
import { Faults } from './faults.js';
/** @import { Session } from './types.js' */

const kinds = 'call,envelope,ack,missed,socket,fault,time';
const most = 800;
const chips = [['', 'All'], ['in', 'To the app'], ['call', 'Calls'], ['fault', 'Faults']];

/**
 * Lines of traffic: an envelope and its acknowledgement are one.
 * @param {object[]} entries of the journal, oldest first
 */
export function linesOf(entries) {
  const lines = [];
  const sent = new Map();
  for (const e of entries) {
    const envelope = e.envelope && sent.get(e.envelope);
    if (e.kind === 'envelope') {
      const line = { seq: e.seq, at: e.at, group: 'in', title: e.type, note: e.attempt ? `try ${e.attempt + 1}` : '', end: e.what === 'sent' ? '…' : e.what, bad: e.what !== 'sent', entries: [e.seq] };
      sent.set(e.envelope, line);
      lines.push(line);
    } else if (envelope && (e.kind === 'ack' || e.kind === 'missed')) {
      Object.assign(envelope, ended(e), { entries: [...envelope.entries, e.seq] });
    } else {
      lines.push(lineOf(e));
    }
  }
  return lines;
}

const ms = (ns) => `${(ns / 1e6).toFixed(ns < 1e7 ? 1 : 0)} ms`;

function ended(e) {
  if (e.kind === 'missed') return { end: 'not acknowledged', bad: true };
  return e.what ? { end: `ack ${e.what}`, bad: true } : { end: `ack ${ms(e.duration_ns ?? 0)}`, bad: false };
}

function lineOf(e) {
  const line = { seq: e.seq, at: e.at, entries: [e.seq], note: e.detail ?? '' };
  if (e.kind === 'call') {
    const bad = e.status !== 200 || Boolean(e.error);
    return { ...line, group: 'call', title: e.method, end: `${e.error || e.status || 'no answer'} ${ms(e.duration_ns ?? 0)}`, bad };
  }
  const title = e.kind === 'socket' ? `socket ${e.socket ?? ''} ${e.what ?? ''}` : [e.kind, e.what, e.method, e.type].filter(Boolean).join(' ');
  return { ...line, group: e.kind === 'fault' || e.kind === 'missed' ? 'fault' : 'other', title, end: '', bad: e.kind !== 'socket' && e.kind !== 'time' };
}

/** @param {Session} session */
function useTraffic(session) {
  const [entries, setEntries] = useState(/** @type {object[]} */ ([]));
  const last = useRef(0);
  useEffect(() => {
    let soon = null;
    const read = async () => {
      soon = null;
      const more = await get('journal', { after: last.current, kinds, brief: 1, limit: most }).catch(() => []);
      if (more.length === 0) return;
      last.current = more.at(-1).seq;
      setEntries((known) => [...known, ...more].slice(-most));
    };
    const changed = () => { soon ??= setTimeout(read, 150); };
    session.onTraffic.add(changed);
    read();
    return () => { clearTimeout(soon); session.onTraffic.delete(changed); };
  }, []);
  return entries;
}

/** Stays at the end of a list, while somebody is there. Returns what its scrolling calls. */
function useEnd(box, what) {
  const near = useRef(true);
  const toEnd = () => { if (near.current) box.current.scrollTop = box.current.scrollHeight; };
  useLayoutEffect(toEnd, what);
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(toEnd);
    sizes.observe(box.current);
    return () => sizes.disconnect();
  }, []);
  return ({ target }) => { near.current = target.scrollHeight - target.scrollTop - target.clientHeight < 40; };
}

/** @param {{session: Session}} props */
export function Inspector({ session }) {
  const lines = linesOf(useTraffic(session));
  const [group, setGroup] = useState('');
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(0);
  const wanted = typed.toLowerCase();
  const shown = lines.filter((l) => (!group || l.group === group || (group === 'fault' && l.bad))
    && `${l.title} ${l.note} ${l.end}`.toLowerCase().includes(wanted));
  /** @type {{current: HTMLElement}} */
  const box = useElement();
  const scrolled = useEnd(box, [shown.length, shown.at(-1)?.seq]);
  return html`<div class="inspector">
    <${Faults} session=${session} />
    <div class="filters"><div class="chips-row" role="group" aria-label="Kind">${chips.map(([key, label]) => html`
        <button type="button" aria-pressed=${String(group === key)} onClick=${() => setGroup(key)}>${label}</button>`)}</div>
      <input class="input small" type="search" placeholder="Filter" aria-label="Filter the traffic" value=${typed} onInput=${(e) => setTyped(e.target.value)} /></div>
    <div class="traffic" ref=${box} tabindex="0" role="log" aria-label="Traffic" onScroll=${scrolled}>
      ${shown.length === 0 && html`<p class="quiet">${lines.length ? 'Nothing fits the filter.' : 'No traffic yet.'}</p>`}
      ${shown.map((l) => html`<${Line} key=${l.seq} line=${l} open=${open === l.seq} onToggle=${() => setOpen(open === l.seq ? 0 : l.seq)} />`)}
    </div>
    <p class="quiet small inspector-foot">${session.summary.sockets} ${session.summary.sockets === 1 ? 'socket' : 'sockets'} open</p>
  </div>`;
}

const arrows = { in: ['→', 'to the app'], call: ['←', 'from the app'] };

function Line({ line, open, onToggle }) {
  const at = new Date(line.at);
  const [arrow, way] = arrows[line.group] ?? ['·'];
  return html`<div class=${cx('line', line.bad && 'bad')}>
    <button type="button" class="line-head" aria-expanded=${String(open)} onClick=${onToggle}>
      <span class="line-at">${at.toTimeString().slice(0, 8)}.${String(at.getMilliseconds()).padStart(3, '0')}</span>
      <span class=${`line-arrow ${line.group}`} aria-label=${way} role=${way && 'img'} aria-hidden=${way ? undefined : 'true'}>${arrow}</span>
      <span class="line-title">${line.title}${line.note && html` <span class="quiet">${line.note}</span>`}</span>
      <span class="line-end">${line.end}</span></button>
    ${open && html`<${Detail} entries=${line.entries} />`}
  </div>`;
}

function Detail({ entries }) {
  const [full, setFull] = useState(/** @type {object[]|null} */ (null));
  /** @type {{current: HTMLElement|null}} */
  const end = useElement();
  useEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [full]);
  useEffect(() => {
    let current = true;
    Promise.all(entries.map((seq) => get(`journal/${seq}`))).then((list) => current && setFull(list), () => {});
    return () => { current = false; };
  }, [entries.length]);
  if (!full) return html`<pre class="detail">…</pre>`;
  return html`${full.map((e) => html`<pre class="detail" tabindex="0">${JSON.stringify(readable(e), null, 2)}</pre>`)}<span ref=${end}></span>`;
}

/** Arguments that hold JSON are shown as what they hold. */
function readable(entry) {
  const { seq, at, kind, ...rest } = entry;
  const args = Object.fromEntries(Object.entries(rest.args ?? {}).map(([key, value]) => [key, parsed(value)]));
  return { kind, ...rest, ...(rest.args ? { args } : {}) };
}

function parsed(value) {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
