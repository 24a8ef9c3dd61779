/** What Slack notified a person of: what rang, not merely what is new. */
import { useEffect, useState } from 'preact/hooks';
import { html } from './html.js';
import { get } from './api.js';
import { Avatar } from './avatar.js';
import { nameOf } from './conversation.js';
import { isDirect } from './session.js';
import { clockOf, dayName, momentOf } from './dates.js';
/** @import { Notification, Session } from './types.js' */

/** The newest first; a click goes to the message. @param {{session: Session}} props */
export function Notified({ session }) {
  const list = useNotified(session);
  if (!list) return html`<p class="quiet empty-note" role="status">Reading…</p>`;
  if (list.length === 0) return html`<p class="quiet empty-note">Slack has notified ${session.me.real_name} of nothing yet.</p>`;
  return html`<ul class="notified" tabindex="0" aria-label=${`What Slack notified ${session.me.real_name} of`}>
    ${list.map((n) => html`<li key=${n.seq}><${Row} n=${n} session=${session} /></li>`)}</ul>`;
}

/** @param {Session} session */
function useNotified(session) {
  const [list, setList] = useState(/** @type {object[]|null} */ (null));
  const { as } = session.route;
  const me = session.me.id;
  useEffect(() => {
    let current = true;
    const read = () => session.attempt(() => get('notifications', { as })).then((all) => current && all && setList(all.reverse()));
    const traffic = (change) => { if (change.reset || change.notified?.some((n) => n.person === me)) read(); };
    setList(null);
    read();
    session.onTraffic.add(traffic);
    return () => { current = false; session.onTraffic.delete(traffic); };
  }, [as, me]);
  return list;
}

/** @param {{n: Notification, session: Session}} props */
function Row({ n, session }) {
  const from = session.person(n.from);
  const { reader } = session;
  const at = momentOf(n.ts);
  return html`<button type="button" class="notice" onClick=${() => session.jump({ channel: n.channel, ts: n.ts, thread: n.thread_ts })}>
    <${Avatar} person=${from ?? { real_name: 'An app', bot: true }} size="small" />
    <span class="notice-body"><span class="notice-head"><strong>${from?.real_name ?? 'An app'}</strong> <span class="quiet">${reason(n, session)}</span></span>
      <span class="notice-text">${n.text}</span>
      <time class="quiet small">${dayName(at, reader.tz, reader.now)}, ${clockOf(at, reader.tz)}</time></span></button>`;
}

/**
 * Why it rang, as a person would say it.
 * @param {Notification} n
 * @param {Session} session
 */
function reason(n, session) {
  const channel = session.channelByID(n.channel);
  const place = channel && !isDirect(channel) ? ` in ${nameOf(channel, session)}` : '';
  if (n.why === 'direct') return channel?.mpim ? 'wrote to you and others' : 'wrote to you';
  if (n.why === 'mention') return `mentioned you${place}`;
  return `replied in a thread that you follow${place}`;
}
