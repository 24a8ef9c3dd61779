/** The middle of the page: a channel or a direct message. */
import { html } from './html.js';
import { Avatar, Marks } from './avatar.js';
import { Composer } from './composer.js';
import { Home } from './home.js';
import { Icon, IconButton } from './icons.js';
import { MessageList } from './list.js';
import { Emoji } from './richtext.js';
import { MenuButton } from './popover.js';
import { isDirect, useSession } from './session.js';
/** @import { Channel, MessageData, Session } from './types.js' */

/** Shows the channel of the address, or the Home tab of the app. */
export function Conversation() {
  const session = useSession();
  const { channel } = session;
  if (!channel) return html`<main class="conversation"><p class="empty-page">${session.me?.real_name} is in no channel yet.</p></main>`;
  const withApp = channel.im && session.other(channel).bot;
  const home = withApp && session.showsHome;
  return html`<main class="conversation" aria-label=${nameOf(channel, session)}>
    <${Head} channel=${channel} session=${session} withApp=${withApp} home=${home} />
    <${Bookmarks} channel=${channel} />
    ${home ? html`<${Home} key=${session.route.as} session=${session} />` : html`<${Talk} channel=${channel} session=${session} />`}
  </main>`;
}

/** What a channel is called. @param {Channel} channel @param {Session} session */
export const nameOf = (channel, session) => (isDirect(channel) ? session.others(channel).map((p) => p.real_name).join(', ') : `#${channel.name}`);

/** @param {{channel: Channel, session: Session, withApp: boolean, home: boolean}} props */
function Head({ channel, session, withApp, home }) {
  const other = channel.im && session.other(channel);
  const icon = channel.mpim ? 'people' : channel.private ? 'lock' : 'hash';
  return html`<header class="conversation-head">
    <${IconButton} icon="menu" label="Channels" class="drawer-button" onClick=${() => { session.drawer = true; session.changed(); }} />
    <h1>${channel.im ? html`<${Avatar} person=${other} size="small" presence />` : html`<${Icon} name=${icon} size=${19} />`}
      <span>${isDirect(channel) ? nameOf(channel, session) : channel.name}</span><${Marks} person=${other || null} Emoji=${Emoji} /></h1>
    ${channel.archived && html`<span class="tag">Archived</span>`}
    ${(channel.topic || channel.purpose) && html`<span class="topic" title=${channel.purpose}>${channel.topic || channel.purpose}</span>`}
    ${withApp && session.summary.home && html`<nav class="tabs" aria-label="Parts of the app">
      <button type="button" aria-pressed=${String(home)} onClick=${() => session.go({ tab: 'home' })}>Home</button>
      <button type="button" aria-pressed=${String(!home)} onClick=${() => session.go({ tab: '' })}>Messages</button></nav>`}
    <span class="grow"></span>
    ${isDirect(channel) && !withApp && html`<${More} channel=${channel} session=${session} />`}
    ${!isDirect(channel) && html`<button type="button" class="button small members" title="People" aria-label=${`${channel.members.length} members: people`}
      onClick=${() => session.go({ pane: session.route.pane === 'people' ? '' : 'people', thread: '' })}><${Icon} name="people" size=${17} /> ${channel.members.length}</button>`}
  </header>`;
}

/** The links at the top of a channel. @param {{channel: Channel}} props */
function Bookmarks({ channel }) {
  if (!channel.bookmarks?.length) return null;
  return html`<nav class="bookmarks" aria-label="Bookmarks">${channel.bookmarks.map((b) => html`<a key=${b.id} href=${safe(b.link)} target="_blank" rel="noopener noreferrer">${b.title}</a>`)}</nav>`;
}

/** An address of the web; others lead nowhere. @param {string} link */
const safe = (link) => (/^https?:\/\//i.test(link) ? link : undefined);

/** Begins a group message with one person more. @param {{channel: Channel, session: Session}} props */
function More({ channel, session }) {
  const here = session.others(channel).map((p) => `@${p.name}`);
  const items = () => session.people.filter((p) => !p.deactivated && !channel.members.includes(p.id)).map((p) => ({
    label: p.real_name, icon: html`<${Avatar} person=${p} size="tiny" />`, onPick: () => session.go({ channel: [...here, `@${p.name}`].join(',') }),
  }));
  return html`<${MenuButton} class="icon-button" label="Write to one more person" side="end" items=${items}><${Icon} name="plus" /><//>`;
}

/** @param {{channel: Channel, session: Session}} props */
function Talk({ channel, session }) {
  const list = session.conversations.channel(channel.id);
  const messages = list?.messages ?? [];
  return html`
    <${MessageList} key=${`${channel.id}/${session.route.as}`} messages=${messages} more=${list?.more} session=${session} label=${`Messages in ${nameOf(channel, session)}`}
      newFrom=${newFrom(channel, messages, session)} onOlder=${() => session.loadOlder()} start=${html`<${Start} channel=${channel} session=${session} />`} />
    ${channel.archived && html`<p class="archived-note">This channel is archived.</p>`}
    ${!channel.archived && !session.isIn(channel) && html`<p class="archived-note">${session.me?.real_name} is not in this channel.
      <button type="button" class="button small" onClick=${() => session.act('join', { channel: channel.id })}>Join</button></p>`}
    ${!channel.archived && session.isIn(channel) && html`<${Composer} session=${session} place=${channel.id} label=${`Message ${nameOf(channel, session)}`} />`}`;
}

/**
 * The first of the messages that were new when the channel was opened.
 * @param {Channel} channel
 * @param {MessageData[]} messages
 * @param {Session} session
 */
function newFrom(channel, messages, session) {
  const mark = session.newSince[channel.id];
  if (!mark) return undefined;
  if (!mark.ts) {
    const others = messages.filter((m) => m.user !== session.me.id);
    mark.ts = others[Math.max(0, others.length - mark.count)]?.ts;
  }
  return mark.ts;
}

/** @param {{channel: Channel, session: Session}} props */
function Start({ channel, session }) {
  if (channel.mpim) {
    return html`<div class="start"><h2><${Icon} name="people" size=${26} /> ${nameOf(channel, session)}</h2><p class="quiet">Only you and they read this.</p></div>`;
  }
  if (channel.im) {
    const other = session.other(channel);
    return html`<div class="start"><${Avatar} person=${other} size="large" /><h2>${other.real_name}</h2>
      <p class="quiet">${other.id === session.me.id ? 'Notes to yourself.' : `Only you and ${other.real_name} read this.`}</p></div>`;
  }
  return html`<div class="start"><h2><${Icon} name=${channel.private ? 'lock' : 'hash'} size=${26} /> ${channel.name}</h2>
    <p class="quiet">This is the beginning of the channel.${channel.private ? ' It is private.' : ''}</p></div>`;
}
