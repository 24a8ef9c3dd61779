/** The left side: who one is, the channels and the direct messages. */
import { html, cx } from './html.js';
import { Avatar } from './avatar.js';
import { Icon, IconButton } from './icons.js';
import { MenuButton } from './popover.js';
import { isDirect, useSession } from './session.js';
import { nameOf } from './conversation.js';
import { useTheme } from './theme.js';
/** @import { Channel, Person, Session } from './types.js' */

/** The drawer on narrow screens, a column on wide ones. */
export function Sidebar() {
  const session = useSession();
  const close = () => { session.drawer = false; session.changed(); };
  return html`
    ${session.drawer && html`<div class="shade" onClick=${close}></div>`}
    <aside class=${cx('sidebar', session.drawer && 'open')} aria-label="Workspace">
      <header class="workspace"><span class="workspace-mark" aria-hidden="true">${session.summary.team.name[0]}</span>
        <span class="workspace-name">${session.summary.team.name}</span><span class="grow"></span>
        <${ThemeButton} /><${IconButton} icon="close" label="Close" class="drawer-close" onClick=${close} /></header>
      <${Persons} session=${session} />
      <nav class="places" aria-label="Conversations">
        <${Channels} session=${session} />
        <${Directs} session=${session} />
      </nav>
      <footer class="sidebar-foot">
        <${Rung} session=${session} />
        <button type="button" class="place" onClick=${() => session.go({ pane: 'people', thread: '' })}><${Icon} name="people" /> People</button>
        <a class="place" href="/kit"><${Icon} name="grid" /> Block Kit samples</a>
        ${session.summary.links.map((l) => html`<a class="place" key=${l.url} href=${l.url} target="_blank" rel="noreferrer"><${Icon} name="link" /> ${l.name}</a>`)}
      </footer>
    </aside>`;
}

/** Opens the list of what the person was notified of. @param {{session: Session}} props */
function Rung({ session }) {
  const n = waiting(session, session.me);
  return html`<button type="button" class="place" onClick=${() => session.go({ pane: 'notified', thread: '' })}><${Icon} name="bell" /><span class="place-name">Notified</span>
    ${n > 0 && html`<span class="badge" aria-label=${told(n)}>${n}</span>`}</button>`;
}

function ThemeButton() {
  const [dark, toggle] = useTheme();
  return html`<${IconButton} icon=${dark ? 'sun' : 'moon'} label=${dark ? 'Light colours' : 'Dark colours'} onClick=${toggle} />`;
}

/** Everybody one can be: a click changes the person. @param {{session: Session}} props */
function Persons({ session }) {
  const { me } = session;
  const others = session.people.filter((p) => !p.deactivated);
  return html`<section class="persons" aria-label="You are">
    <div class="you"><${Avatar} person=${me} presence /><div><strong>${me?.real_name}</strong><small>${zoneName(session)}</small></div></div>
    <div class="strip" role="group" aria-label="Be somebody else">${others.map((p) => html`
      <button type="button" class=${cx('face', p.id === me?.id && 'current')} aria-pressed=${String(p.id === me?.id)} title=${`Be ${p.real_name}`} aria-label=${beLabel(session, p)}
        onClick=${() => session.go({ as: p.name })}><${Avatar} person=${p} size="small" presence />${waiting(session, p) > 0 && html`<span class="badge" aria-hidden="true" data-count=${waiting(session, p)}></span>`}</button>`)}</div>
  </section>`;
}

/**
 * Of how many unread messages Slack notified somebody.
 * @param {Session} session
 * @param {Person} person
 */
const waiting = (session, person) => session.summary.notified[person?.id] ?? 0;

const told = (n) => (n === 1 ? '1 notification' : `${n} notifications`);

/** @param {Session} session @param {Person} p */
const beLabel = (session, p) => `Be ${p.real_name}${waiting(session, p) > 0 ? `, ${told(waiting(session, p))}` : ''}`;

/** @param {Session} session */
const zoneName = (session) => (session.me?.tz ?? 'UTC').replace(/^.*\//, '').replaceAll('_', ' ');

/** @param {{session: Session}} props */
function Channels({ session }) {
  const joinable = session.summary.channels.filter((c) => !isDirect(c) && !c.private && !c.archived && !c.members.includes(session.me?.id));
  const sorted = [...session.mine].sort((a, b) => Number(a.archived ?? false) - Number(b.archived ?? false) || (a.name ?? '').localeCompare(b.name ?? ''));
  return html`<section aria-label="Channels">
    <h2 class="places-title">Channels${joinable.length > 0 && html`<${MenuButton} class="icon-button" label="Join a channel" items=${() => joinable.map((c) => ({
    label: `#${c.name}`, icon: html`<${Icon} name="hash" />`, onPick: async () => { await session.act('join', { channel: c.id }); await session.look(); session.go({ channel: c.name }); },
  }))}><${Icon} name="plus" size=${16} /><//>`}</h2>
    ${sorted.map((c) => html`<${Place} channel=${c} session=${session} icon=${html`<${Icon} name=${c.private ? 'lock' : 'hash'} size=${17} />`} name=${c.name} />`)}
  </section>`;
}

/** The app first, then whom one has written with; anybody else is in the menu. @param {{session: Session}} props */
function Directs({ session }) {
  const { summary, me, bot } = session;
  const open = summary.channels.filter((c) => isDirect(c) && c.members.includes(me?.id) && !(c.im && c.members.includes(bot.id)));
  const fresh = session.people.filter((p) => p.id !== me?.id && !p.deactivated && !open.some((c) => c.im && c.members.includes(p.id)));
  const places = [session.find(`@${bot.name}`) ?? [], ...open].flat();
  const { channel } = session;
  if (channel && isDirect(channel) && !places.some((c) => c.id === channel.id)) places.push(channel);
  return html`<section aria-label="Direct messages">
    <h2 class="places-title">Direct messages<${MenuButton} class="icon-button" label="Write to somebody" items=${() => fresh.map((p) => ({
    label: p.real_name, icon: html`<${Avatar} person=${p} size="tiny" />`, onPick: () => session.go({ channel: `@${p.name}` }),
  }))}><${Icon} name="plus" size=${16} /><//></h2>
    ${places.map((c) => {
    const other = session.other(c);
    const icon = c.mpim ? html`<${Icon} name="people" size=${17} />` : html`<${Avatar} person=${other} size="tiny" presence />`;
    return html`<${Place} channel=${c} session=${session} icon=${icon} name=${nameOf(c, session)} app=${c.im && other.bot} />`;
  })}
  </section>`;
}

/** @param {{channel: Channel, session: Session, icon: any, name: string, app: boolean}} props */
function Place({ channel, session, icon, name, app }) {
  const current = session.channel?.id === channel.id;
  const unread = !current && (channel.unread ?? 0) > 0;
  const badge = !current && (channel.mentions ?? 0) > 0 && channel.mentions;
  return html`<button type="button" class=${cx('place', current && 'current', unread && 'unread', channel.archived && 'archived')} aria-current=${current ? 'page' : undefined}
      onClick=${() => session.go({ channel: session.refOf(channel), thread: '' })}>
    ${icon}<span class="place-name">${name}</span>${app && html`<span class="tag">App</span>`}
    ${badge ? html`<span class="badge" aria-label=${told(badge)}>${badge}</span>` : unread && html`<span class="dot" aria-label="Unread"></span>`}
  </button>`;
}
