/** One message: who, when, what, and what can be done with it. */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { html, cx, memo, useElement } from './html.js';
import { Attachment } from './attachment.js';
import { Avatar, Marks } from './avatar.js';
import { Blocks } from './blocks.js';
import { clockOf, fullTime, momentOf, ago } from './dates.js';
import { emojiOf } from './emoji.js';
import { Icon, IconButton } from './icons.js';
import { Menu } from './popover.js';
import { EmojiPicker } from './picker.js';
import { FileCard } from './picture.js';
import { Emoji, Mrkdwn } from './richtext.js';
import { permalink } from './route.js';
import { initialOf } from './options.js';
/** @import { MessageData, Reader, Session } from './types.js' */

const quick = ['eyes', 'white_check_mark', 'pray'];

/** @param {MessageData} m */
const isReply = (m) => Boolean(m.thread_ts) && m.thread_ts !== m.ts;

/** A line about who came and went. @param {MessageData} m */
const isNote = (m) => /_(join|leave|archive|unarchive|topic|purpose)$/.test(m.subtype ?? '');

/**
 * @param {{m: MessageData, follows: boolean, session: Session, reader: Reader, inThread?: boolean, focused?: boolean}} props
 *   follows: the same person wrote just before; reader changes when names or the day do
 */
export const Message = memo(({ m, follows, session, reader, inThread, focused }) => {
  const [editing, setEditing] = useState(false);
  /** @type {{current: HTMLElement}} */
  const ref = useElement();
  useEffect(() => { if (focused) ref.current.scrollIntoView({ block: 'center' }); }, [focused]);
  const author = session.person(m.user) ?? (m.username && { real_name: m.username, bot: true });
  const gone = m.subtype === 'tombstone';
  const alone = Boolean(m.only_for);
  const head = !follows || gone || alone;
  return html`<div class=${cx('message', follows && !head && 'follows', alone && 'alone', gone && 'gone', focused && 'focused', isNote(m) && 'note')}
      role="article" tabindex="-1" ref=${ref} data-ts=${m.ts} aria-label=${`${author?.real_name ?? 'Deleted'}, ${clockOf(momentOf(m.ts), reader.tz)}`}>
    <div class="gutter">${gone ? html`<span class="avatar gone"><${Icon} name="trash" size=${16} /></span>`
      : head ? html`<${Avatar} person=${author} />` : html`<time class="small-time">${clockOf(momentOf(m.ts), reader.tz)}</time>`}</div>
    <div class="message-body">
      ${alone && html`<div class="only-you"><${Icon} name="eye" size=${14} /> Only visible to you</div>`}
      ${m.broadcast && !inThread && html`<button type="button" class="from-thread" onClick=${() => session.go({ thread: m.thread_ts })}><${Icon} name="thread" size=${14} /> Replied to a thread</button>`}
      ${head && !gone && html`<div class="message-head"><span class="author">${author?.real_name ?? m.user}</span><${Marks} person=${author} Emoji=${Emoji} />
        <time title=${fullTime(momentOf(m.ts), reader.tz)}>${clockOf(momentOf(m.ts), reader.tz)}</time></div>`}
      ${editing ? html`<${Editor} m=${m} session=${session} onDone=${() => setEditing(false)} />` : html`<${Content} m=${m} session=${session} reader=${reader} />`}
      ${m.broadcast && inThread && html`<div class="quiet small">Also sent to the channel</div>`}
      <${Reactions} m=${m} session=${session} />
      ${!inThread && m.reply_count > 0 && html`<${Replies} m=${m} session=${session} />`}
    </div>
    ${!gone && !editing && html`<${Toolbar} m=${m} session=${session} inThread=${inThread} onEdit=${() => setEditing(true)} />`}
  </div>`;
});

/** @param {{m: MessageData, session: Session, reader: Reader}} props */
function Content({ m, session, reader }) {
  if (m.subtype === 'tombstone') return html`<div class="quiet"><em>This message was deleted.</em></div>`;
  const byBlocks = m.bot_id && m.blocks && m.blocks.length > 0;
  return html`
    ${byBlocks ? html`<${Blocks} blocks=${m.blocks} ctx=${messageContext(m, session, reader)} />`
      : m.text && html`<div class="prose"><${Mrkdwn} text=${m.text} verbatim=${!m.bot_id} reader=${reader} /></div>`}
    ${(m.attachments ?? []).map((a) => html`<${Attachment} attachment=${a} ctx=${messageContext(m, session, reader)} reader=${reader} />`)}
    ${(m.files ?? []).map((file) => html`<${FileCard} file=${file} />`)}
    ${m.edited && html`<span class="edited" title=${fullTime(momentOf(m.edited.ts), reader.tz)}>(edited)</span>`}`;
}

/**
 * What blocks in a message need around them.
 * @param {MessageData} m
 * @param {Session} session
 * @param {Reader} reader
 */
function messageContext(m, session, reader) {
  return {
    reader, scope: `${m.ts}-`, people: session.summary.people, channels: session.mine,
    value: (_block, el) => initialOf(el),
    act: (block, el, value) => session.act('choose', {
      channel: m.channel, ts: m.ts, action_id: `${block.block_id}/${el.action_id}`, value: value ?? null,
    }),
    type: () => {},
    suggest: async (el, text) => {
      const out = await session.act('suggest', { channel: m.channel, ts: m.ts, action_id: el.action_id, text });
      return out?.options;
    },
  };
}

/** @param {{m: MessageData, session: Session}} props */
function Reactions({ m, session }) {
  const [anchor, setAnchor] = useState(null);
  if (!m.reactions?.length) return null;
  const me = session.me.id;
  return html`<div class="reactions">
    ${m.reactions.map((r) => {
    const mine = r.users.includes(me);
    const names = r.users.map((id) => session.person(id)?.real_name ?? id).join(', ');
    return html`<button type="button" class=${cx('reaction', mine && 'mine')} aria-pressed=${String(mine)} title=${`${names} reacted with :${r.name}:`}
        aria-label=${`${r.name.replaceAll('_', ' ')}, ${r.users.length}, ${names}`} onClick=${() => toggle(session, m, r.name)}>
        <span class="emoji" aria-hidden="true">${emojiOf(r.name) ?? `:${r.name}:`}</span> ${r.users.length}</button>`;
  })}
    <button type="button" class="reaction add" aria-label="Add a reaction" title="Add a reaction" onClick=${(e) => setAnchor(e.currentTarget)}><${Icon} name="smile" size=${16} /></button>
    ${anchor && html`<${EmojiPicker} anchor=${anchor} onClose=${() => setAnchor(null)} onPick=${(name) => toggle(session, m, name)} />`}
  </div>`;
}

/** @param {Session} session @param {MessageData} m @param {string} emoji */
function toggle(session, m, emoji) {
  const mine = m.reactions?.some((r) => r.name === emoji && r.users.includes(session.me.id));
  session.act(mine ? 'unreact' : 'react', { channel: m.channel, ts: m.ts, emoji });
}

/** @param {{m: MessageData, session: Session}} props */
function Replies({ m, session }) {
  const last = momentOf(m.latest_reply ?? m.ts);
  const replies = m.reply_count === 1 ? '1 reply' : `${m.reply_count} replies`;
  return html`<button type="button" class="replies" onClick=${() => session.go({ thread: m.ts })}>
    <span class="faces">${(m.reply_users ?? []).slice(0, 4).map((id) => html`<${Avatar} person=${session.person(id)} size="tiny" />`)}</span>
    <strong>${replies}</strong> <span class="quiet">${m.latest_reply && `last reply ${ago(last, last > session.now ? last : session.now)}`}</span></button>`;
}

/** @param {{m: MessageData, session: Session, onDone: () => void}} props */
function Editor({ m, session, onDone }) {
  /** @type {{current: HTMLTextAreaElement}} */
  const input = useElement();
  useLayoutEffect(() => { input.current.focus(); input.current.select(); }, []);
  const save = async () => {
    await session.act('edit', { channel: m.channel, ts: m.ts, text: input.current.value });
    onDone();
  };
  const keys = (event) => {
    if (event.key === 'Escape') { event.stopPropagation(); onDone(); }
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); }
  };
  return html`<div class="editor"><textarea ref=${input} aria-label="Edit the message" rows="3" onKeyDown=${keys}>${editable(m, session)}</textarea>
    <div class="editor-foot"><button type="button" class="button small" onClick=${onDone}>Cancel</button><button type="button" class="button small primary" onClick=${save}>Save</button></div></div>`;
}

/**
 * The text as it was typed.
 * @param {MessageData} m
 * @param {Session} session
 */
function editable(m, session) {
  return m.text.replace(/<@(\w+)>/g, (_, id) => `@${session.person(id)?.name ?? id}`)
    .replace(/<#\w+\|([^>]*)>/g, '#$1').replace(/<(https?:[^>|]+)>/g, '$1')
    .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}

/** @param {{m: MessageData, session: Session, inThread?: boolean, onEdit: () => void}} props */
function Toolbar({ m, session, inThread, onEdit }) {
  const [open, setOpen] = useState(/** @type {{kind: 'emoji'|'menu', anchor: HTMLElement}|null} */ (null));
  const close = () => setOpen(null);
  const alone = Boolean(m.only_for);
  return html`<div class=${cx('toolbar', open && 'open')} role="toolbar" aria-label="What to do with the message">
    ${!alone && quick.map((name) => html`<button type="button" class="icon-button" aria-label=${`React with ${name.replaceAll('_', ' ')}`} title=${`:${name}:`} onClick=${() => toggle(session, m, name)}><span class="emoji">${emojiOf(name)}</span></button>`)}
    ${!alone && html`<${IconButton} icon="smile" label="Add a reaction" onClick=${(e) => setOpen({ kind: 'emoji', anchor: e.currentTarget })} />`}
    ${!alone && !inThread && html`<${IconButton} icon="thread" label="Reply in thread" onClick=${() => session.go({ thread: isReply(m) ? m.thread_ts : m.ts })} />`}
    <${IconButton} icon="more" label="More" class="more" aria-haspopup="menu" onClick=${(e) => setOpen({ kind: 'menu', anchor: e.currentTarget })} />
    ${open?.kind === 'emoji' && html`<${EmojiPicker} anchor=${open.anchor} onClose=${close} onPick=${(name) => toggle(session, m, name)} />`}
    ${open?.kind === 'menu' && html`<${Menu} anchor=${open.anchor} side="end" label="Message" onClose=${close}
      items=${menuItems(m, session, { inThread, onEdit, onReact: (anchor) => setOpen({ kind: 'emoji', anchor }), anchor: open.anchor })} />`}
  </div>`;
}

function menuItems(m, session, { inThread, onEdit, onReact, anchor }) {
  const own = m.user === session.me.id;
  const here = { channel: m.channel, ts: m.ts };
  const erase = { icon: html`<${Icon} name="trash" />`, danger: true, onPick: () => session.act('delete', here) };
  if (m.only_for) return [{ ...erase, danger: false, label: 'Dismiss' }];
  const items = [
    { label: 'Add a reaction', icon: html`<${Icon} name="smile" />`, onPick: () => onReact(anchor) },
    !inThread && { label: 'Reply in thread', icon: html`<${Icon} name="thread" />`, onPick: () => session.go({ thread: isReply(m) ? m.thread_ts : m.ts }) },
    !isReply(m) && follow(m, session),
    { label: 'Copy link', icon: html`<${Icon} name="link" />`, onPick: () => copy(session, permalink(session.summary.team.domain, m)) },
    null,
    ...session.summary.shortcuts.filter((s) => !s.global).map((s) => ({
      label: s.name, note: session.bot?.real_name, icon: html`<${Icon} name="bolt" />`,
      onPick: () => session.act('message_shortcut', { ...here, callback: s.callback }),
    })),
    (own || session.me.admin) && null,
    own && !m.bot_id && { label: 'Edit', icon: html`<${Icon} name="pen" />`, onPick: onEdit },
    ...eraseFiles(m, session),
    (own || session.me.admin) && { ...erase, label: own ? 'Delete' : 'Delete, as an admin' },
  ];
  return items.filter((item) => item !== false);
}

/**
 * Following a thread by choice.
 * @param {MessageData} m
 * @param {Session} session
 */
function follow(m, session) {
  const follows = m.followers?.includes(session.me.id);
  return {
    label: follows ? 'Unfollow thread' : 'Follow thread', icon: html`<${Icon} name="bell" />`,
    onPick: () => session.act(follows ? 'unfollow' : 'follow', { channel: m.channel, ts: m.ts }),
  };
}

/**
 * Deleting one's own files, which leaves the message.
 * @param {MessageData} m
 * @param {Session} session
 */
const eraseFiles = (m, session) => (m.files ?? []).filter((f) => f.user === session.me.id).map((f) => ({
  label: `Delete ${f.name}`, icon: html`<${Icon} name="file" />`, danger: true, onPick: () => session.act('delete_file', { files: [f.id] }),
}));

/** @param {Session} session @param {string} text */
async function copy(session, text) {
  try {
    await navigator.clipboard.writeText(text);
    session.toast('Link copied.');
  } catch {
    session.toast(text);
  }
}
