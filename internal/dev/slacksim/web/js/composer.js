/** Where messages and commands are written. */
import { useId, useLayoutEffect, useState } from 'preact/hooks';
import { html, cx, useElement } from './html.js';
import { upload } from './api.js';
import { Icon, IconButton } from './icons.js';
import { MenuButton } from './popover.js';
import { EmojiPicker } from './picker.js';
import { offersFor, Offers } from './completion.js';
/** @import { Session } from './types.js' */

const drafts = new Map(); // by person and place, as long as the window lives

/**
 * The place where one writes. It is a new one for each place and person, so that
 * nothing typed here can end up there.
 * @param {{session: Session, place: string, label: string, thread?: string, broadcast?: boolean}} props
 *   place keeps drafts apart; broadcast offers to send a reply to the channel too
 */
export function Composer({ place, ...rest }) {
  const key = `${rest.session.route.as}/${place}`;
  return html`<${Box} key=${key} draft=${key} ...${rest} />`;
}

/** @param {{session: Session, draft: string, label: string, thread: string|undefined, broadcast: boolean}} props */
function Box({ session, draft: key, label, thread, broadcast }) {
  const [text, setText] = useState(drafts.get(key) ?? '');
  const [files, setFiles] = useState(/** @type {object[]} */ ([]));
  const [also, setAlso] = useState(false);
  const [anchor, setAnchor] = useState(null);
  /** @type {{current: HTMLTextAreaElement}} */
  const input = useElement();
  /** @type {{current: HTMLInputElement}} */
  const picked = useElement();
  const { offers, active, setActive, look, drop } = useOffers(session, !thread);
  const id = useId();
  useLayoutEffect(() => { if (matchMedia('(hover: hover)').matches) input.current.focus({ preventScroll: true }); }, []);
  useLayoutEffect(() => grow(input.current), [text]);

  const change = (value, cursor = value.length) => {
    drafts.set(key, value);
    setText(value);
    look(value.slice(0, cursor));
  };
  const insert = (from, words) => {
    const { selectionEnd } = input.current;
    const before = text.slice(0, from) + words;
    const whole = before + text.slice(selectionEnd);
    change(whole, before.length);
    drop();
    input.current.value = whole; // at once: the next key must find the cursor in its place
    input.current.focus();
    input.current.setSelectionRange(before.length, before.length);
  };
  const pick = (item) => insert(offers?.from ?? 0, `${item.insert} `);
  const send = async () => {
    const words = text.trimEnd();
    if (!words && files.length === 0) return;
    change('');
    drop();
    const out = await say(session, { words, files, thread, broadcast: also });
    if ((out === null || out.error) && !drafts.get(key)) change(words);
    if (out && !out.error) setFiles([]);
    setAlso(false);
  };
  const keys = (event) => {
    if (event.isComposing) return;
    if (offers && listKey(event, { offers, active, setActive, pick, drop })) return;
    if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); send(); }
  };
  const attach = async (list) => {
    const kept = await Promise.all([...list].map((f) => session.attempt(() => upload(session.route.as, f))));
    setFiles((now) => [...now, ...kept.filter(Boolean)]);
  };
  return html`<form class="composer" onSubmit=${(e) => { e.preventDefault(); send(); }}
      onDragOver=${(e) => e.preventDefault()} onDrop=${(e) => { e.preventDefault(); attach(e.dataTransfer.files); }}>
    ${offers && html`<${Offers} id=${id} items=${offers.items} active=${active} onPick=${pick} />`}
    <div class="composer-box">
      ${files.length > 0 && html`<div class="composer-files">${files.map((f) => html`<span class="file-row"><${Icon} name="file" size=${16} /> ${f.name}
        <${IconButton} icon="close" size=${14} label=${`Remove ${f.name}`} onClick=${() => setFiles(files.filter((x) => x !== f))} /></span>`)}</div>`}
      <textarea ref=${input} rows="1" placeholder=${label} aria-label=${label} value=${text}
        aria-controls=${offers ? id : undefined} aria-activedescendant=${offers ? `${id}-${active}` : undefined} aria-autocomplete="list"
        onInput=${(e) => change(e.target.value, e.target.selectionEnd)} onKeyDown=${keys} onBlur=${drop}></textarea>
      <div class="composer-foot">
        <${MenuButton} class="icon-button" label="Attach a file, shortcuts" items=${() => plusItems(session, picked)}><${Icon} name="plus" /><//>
        <${IconButton} icon="smile" label="Emoji" onClick=${(e) => setAnchor(e.currentTarget)} />
        ${broadcast && html`<label class="also"><input type="checkbox" checked=${also} onChange=${(e) => setAlso(e.target.checked)} /> Also send to the channel</label>`}
        <button type="submit" class=${cx('send', (text.trim() || files.length) && 'ready')} aria-label="Send" title="Send (Enter)"><${Icon} name="send" /></button>
      </div>
    </div>
    <input ref=${picked} type="file" hidden multiple aria-label="Files" onChange=${(e) => { attach(e.target.files); e.target.value = ''; }} />
    ${anchor && html`<${EmojiPicker} anchor=${anchor} onClose=${() => setAnchor(null)} onPick=${(name) => insert(input.current.selectionEnd, `:${name}: `)} />`}
  </form>`;
}

/** @param {Session} session @param {{current: HTMLInputElement}} picked */
function plusItems(session, picked) {
  return [
    { label: 'Attach a file', icon: html`<${Icon} name="clip" />`, onPick: () => picked.current.click() },
    null,
    ...session.summary.shortcuts.filter((s) => s.global).map((s) => ({
      label: s.name, note: session.bot?.real_name, icon: html`<${Icon} name="bolt" />`,
      onPick: () => session.act('shortcut', { callback: s.callback }),
    })),
    ...(session.summary.steps ?? []).map((s) => ({
      label: `Run the step: ${s.name}`, note: 'As a workflow does', icon: html`<${Icon} name="bolt" />`, onPick: () => session.openStep(s),
    })),
  ];
}

/** What begins with a slash is a command, outside threads; a blank before it makes it a message. */
function say(session, { words, files, thread, broadcast }) {
  const channel = session.channel.id;
  const command = !thread && files.length === 0 && /^(\/[\w-]+)(?:\s+([\s\S]*))?$/.exec(words);
  if (command) return run(session, channel, command[1], command[2] ?? '');
  return session.act('say', { channel, text: words.trim(), thread, broadcast, files: files.map((f) => f.id) });
}

/** @param {Session} session @param {string} channel @param {string} command @param {string} text */
function run(session, channel, command, text) {
  if (session.summary.commands.some((c) => c.name === command)) return session.act('command', { channel, command, text });
  session.toast(`${command} is not a command of this workspace. To send it as a message, put a blank before it.`);
  return null;
}

/** @param {Session} session @param {boolean} commands */
function useOffers(session, commands) {
  const [offers, setOffers] = useState(/** @type {ReturnType<typeof offersFor>} */ (null));
  const [active, setActive] = useState(0);
  const look = (before) => { setOffers(offersFor(before, session, commands)); setActive(0); };
  return { offers, active, setActive, look, drop: () => setOffers(null) };
}

function listKey(event, { offers, active, setActive, pick, drop }) {
  const n = offers.items.length;
  const does = {
    ArrowDown: () => setActive((active + 1) % n),
    ArrowUp: () => setActive((active + n - 1) % n),
    Enter: () => pick(offers.items[active]),
    Tab: () => pick(offers.items[active]),
    Escape: drop,
  }[event.key];
  if (!does || event.shiftKey) return false;
  event.preventDefault();
  event.stopPropagation();
  does();
  return true;
}

function grow(area) {
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight, 220)}px`;
}
