/** The pane on the right: a thread, the people, what rang, or the inspector. */
import { useEffect } from 'preact/hooks';
import { html } from './html.js';
import { Composer } from './composer.js';
import { nameOf } from './conversation.js';
import { IconButton } from './icons.js';
import { Inspector } from './inspector.js';
import { MessageList } from './list.js';
import { Notified } from './notified.js';
import { People } from './people.js';
import { isDirect, useSession } from './session.js';
/** @import { Session } from './types.js' */

/** Shows what the address asks for, if anything. */
export function Pane() {
  const session = useSession();
  const { thread, pane } = session.route;
  const close = () => session.go({ thread: '', ...(thread ? {} : { pane: '' }) });
  useEffect(() => {
    const escape = (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]')) close();
    };
    document.addEventListener('keydown', escape);
    return () => document.removeEventListener('keydown', escape);
  });
  if (thread) return html`<${Thread} session=${session} ts=${thread} onClose=${close} />`;
  if (pane === 'people') return html`<${Frame} title="People" name="people-pane" onClose=${close}><${People} session=${session} /><//>`;
  if (pane === 'notified') return html`<${Frame} title="Notified" note=${session.me?.real_name} name="notified-pane" onClose=${close}><${Notified} session=${session} /><//>`;
  if (pane === 'inspector') return html`<${Frame} title="Inspector" name="inspector-pane" onClose=${close}><${Inspector} session=${session} /><//>`;
  return null;
}

function Frame({ title, note, name, onClose, children }) {
  return html`<aside class=${`pane ${name}`} aria-label=${title}>
    <header class="pane-head"><h2>${title}</h2>${note && html`<span class="quiet">${note}</span>`}<span class="grow"></span><${IconButton} icon="close" label="Close" onClick=${onClose} /></header>
    ${children}</aside>`;
}

/** @param {{session: Session, ts: string, onClose: () => void}} props */
function Thread({ session, ts, onClose }) {
  const { channel } = session;
  if (!channel) return null;
  const messages = session.conversations.thread(channel.id, ts) ?? [];
  return html`<${Frame} title="Thread" note=${nameOf(channel, session)} name="thread-pane" onClose=${onClose}>
    <${MessageList} key=${ts} messages=${messages} session=${session} inThread label="Thread" />
    ${!channel.archived && html`<${Composer} session=${session} place=${`${channel.id}/${ts}`} thread=${ts} label="Reply" broadcast=${!isDirect(channel)} />`}
  <//>`;
}
