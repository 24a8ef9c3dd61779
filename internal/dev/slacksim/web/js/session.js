/**
 * The page's state and everything that changes it. Components read it through
 * useSession and call its methods; nothing else holds state that outlives them.
 */
import { createContext } from 'preact';
import { useContext, useEffect, useReducer } from 'preact/hooks';
import * as api from './api.js';
import { Conversations } from './conversations.js';
import { readRoute, writeRoute, readPermalink } from './route.js';
/** @import { Change, Channel, Person, Progress, Reader, Route, Summary, TimeState, Usergroup, WorkflowStep } from './types.js' */

const Current = createContext(/** @type {Session} */ (/** @type {unknown} */ (null))); // there is one around all that reads it

/** Whether it is a message between people rather than a channel. @param {Channel} channel */
export const isDirect = (channel) => Boolean(channel.im || channel.mpim);

/** Gives the components below it their session. */
export const SessionProvider = Current.Provider;

/** The session; the component is drawn again when something changes. @returns {Session} */
export function useSession() {
  const session = useContext(Current);
  const [, count] = useReducer((n) => n + 1, 0);
  const redraw = () => count(undefined);
  const drawn = session.version;
  useEffect(() => {
    if (session.version !== drawn) redraw(); // it changed before anybody listened
    return session.subscribe(redraw);
  }, [session]);
  return session;
}

/** One window's view of the workspace. */
export class Session {
  constructor() {
    this.route = readRoute();
    this.summary = /** @type {Summary} */ (/** @type {unknown} */ (null)); // there is one once it has started
    /** @type {(TimeState & {base: number, at: number})|null} */
    this.time = null;
    /** @type {Progress|null} */
    this.progress = null;
    this.connected = true;
    this.problem = '';
    this.drawer = false;
    /** @type {{text: string, id: number}[]} */
    this.toasts = [];
    /** @type {WorkflowStep|null} */
    this.step = null; // whose inputs are being filled in
    this.conversations = new Conversations();
    /** @type {Record<string, {count: number, ts?: string}|undefined>} by channel */
    this.newSince = {};
    this.looks = 0;
    this.taken = 0;
    this.focus = '';
    this.version = 0;
    /** @type {Reader|null} */
    this.lastReader = null;
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    /** @type {Set<(change: Change) => void>} */
    this.onTraffic = new Set();
  }

  /** @param {() => void} listener @returns {() => void} ends it */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed() {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }

  /** Reads everything and listens from then on. */
  async start() {
    await this.look();
    if (!this.me) this.route.as = this.people.find((p) => !p.deactivated)?.name ?? '';
    if (this.route.as !== this.lookedAs) await this.look();
    addEventListener('popstate', () => this.visit(readRoute()));
    document.addEventListener('visibilitychange', () => this.read());
    this.stop = api.listen(this.summary.seq, {
      change: (change) => this.take(change),
      progress: (progress) => { this.progress = progress; this.changed(); },
      connected: (connected) => { this.connected = connected; this.changed(); },
    });
    await Promise.all([this.open(), this.readTime()]);
  }

  /** Who looks. @returns {Person} there is one once it has started */
  get me() {
    const found = this.summary?.people.find((p) => !p.bot && (p.name === this.route.as || p.id === this.route.as));
    return /** @type {Person} */ (found);
  }

  /** Everybody but the app. @returns {Person[]} */
  get people() {
    return this.summary.people.filter((p) => !p.bot);
  }

  /** The app. @returns {Person} */
  get bot() {
    return /** @type {Person} */ (this.person(this.summary.bot_user_id));
  }

  get tz() {
    return this.me?.tz || 'UTC';
  }

  /** @param {string|undefined} id @returns {Person|undefined} */
  person = (id) => this.summary.people.find((p) => p.id === id);

  /** @param {string} id @returns {Usergroup|undefined} */
  group = (id) => this.summary.usergroups.find((g) => g.id === id);

  /** @param {string|undefined} id @returns {Channel|undefined} */
  channelByID = (id) => this.summary.channels.find((c) => c.id === id);

  /** The channel that is shown: by id or name, or a direct message, even one that nobody has begun. */
  get channel() {
    const asked = this.find(this.route.channel);
    const open = (c) => c && (isDirect(c) ? this.isIn(c) : !c.private || this.isIn(c));
    return open(asked) ? asked : this.mine.find((c) => c.name === 'support') ?? this.mine[0];
  }

  /** Whether the person is in a channel. @param {Channel} channel */
  isIn(channel) {
    return channel.members.includes(this.me?.id);
  }

  /** The channel of an address, which may be a direct message that nobody has begun. @param {string} ref @returns {Channel|undefined} */
  find(ref) {
    const { channels } = this.summary;
    if (!ref.startsWith('@')) return channels.find((c) => c.id === ref || (c.name && c.name === ref));
    const names = ref.split(',');
    const others = names.flatMap((name) => this.summary.people.find((p) => `@${p.name}` === name || `@${p.id}` === name) ?? []);
    if (others.length < names.length || !this.me) return undefined;
    const members = [...new Set([this.me.id, ...others.map((p) => p.id)])];
    const known = channels.find((c) => isDirect(c) && c.members.length === members.length && members.every((id) => c.members.includes(id)));
    return known ?? { id: others.map((p) => `@${p.name}`).join(','), im: members.length <= 2, mpim: members.length > 2, members };
  }

  /** The channels of who looks. @returns {Channel[]} */
  get mine() {
    return this.summary.channels.filter((c) => c.members.includes(this.me?.id) && !isDirect(c));
  }

  /** Whom a direct message is with. @param {Channel} channel */
  other(channel) {
    return this.person(channel.members.find((id) => id !== this.me?.id)) ?? this.me;
  }

  /** Everybody else in a direct or group message. @param {Channel} channel */
  others(channel) {
    const others = channel.members.filter((id) => id !== this.me?.id).flatMap((id) => this.person(id) ?? []);
    return others.length > 0 ? others : [this.me];
  }

  /** What a channel is called in the address. @param {Channel} channel @returns {string} */
  refOf(channel) {
    return isDirect(channel) ? this.others(channel).map((p) => `@${p.name}`).join(',') : channel.name ?? '';
  }

  /** Now, in the workspace's time. @returns {Date} */
  get now() {
    if (!this.time) return new Date(this.summary?.now ?? Date.now());
    return new Date(this.time.base + (Date.now() - this.time.at) * this.time.rate);
  }

  /** Reads the state. An answer that comes behind that of a later look is too old. */
  async look() {
    const { as } = this.route;
    const turn = this.looks += 1;
    this.lookedAs = as;
    const summary = await api.get('state', { light: 1, as });
    if (as === this.route.as && turn > this.taken) {
      this.taken = turn;
      this.takeSummary(summary);
    }
    this.changed();
  }

  /** Takes over the state. A channel that is shown stays so under another name. @param {Summary} summary */
  takeSummary(summary) {
    const shown = this.summary && this.find(this.route.channel)?.id;
    this.summary = summary;
    const renamed = !this.find(this.route.channel) && this.channelByID(shown || undefined);
    if (!renamed) return;
    this.route = { ...this.route, channel: renamed.name ?? '' };
    writeRoute(this.route, true);
  }

  /** Looks again soon, once for many changes. */
  lookSoon() {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.look().then(() => (this.known ? this.read() : this.open())).catch(() => {});
    }, this.preparing ? 700 : 30);
  }

  /** Whether what is shown was read: a direct message gets its id with its first message. */
  get known() {
    return !this.channel || Boolean(this.conversations.channel(this.channel.id));
  }

  /** Whether the address asks for the app's Home tab, and it has one. */
  get showsHome() {
    return this.summary.home && this.route.tab === 'home';
  }

  get preparing() {
    return this.progress && this.progress.done < this.progress.total;
  }

  /** @param {Change} change */
  take(change) {
    if (change.reset) {
      this.conversations.clear();
      this.look().then(() => this.open()).catch(() => {});
    }
    this.conversations.apply(change, this.me?.id);
    if (change.summary) this.lookSoon();
    if (change.time || change.summary) this.readTimeSoon(change.time ? 0 : 1000);
    for (const listener of this.onTraffic) listener(change);
    this.changed();
  }

  readTimeSoon(wait) {
    clearTimeout(this.timePending);
    this.timePending = setTimeout(() => this.readTime(), wait);
  }

  async readTime() {
    if (!this.summary.time) return;
    try {
      this.setTime(await api.get('time'));
    } catch (refused) {
      this.toast(/** @type {Error} */ (refused).message);
    }
  }

  /** @param {TimeState} state */
  setTime(state) {
    this.time = { ...state, base: Date.parse(state.business), at: Date.now() };
    this.changed();
  }

  /** Moves the time. @param {object} move advance, to or rate */
  async moveTime(move) {
    this.moving = true;
    this.changed();
    await this.attempt(async () => this.setTime(await api.post('time', move)));
    this.moving = false;
    this.changed();
  }

  /** Goes somewhere. What is left out stays; a new channel closes its thread. @param {Partial<Route>} to */
  async go(to, replace = false) {
    const route = { ...this.route, ...to };
    if (to.as && to.as !== this.route.as) this.keepPlace(route);
    if (to.channel && to.channel !== this.route.channel && !to.thread) route.thread = '';
    if (to.channel && !to.tab) route.tab = '';
    this.drawer = false;
    writeRoute(route, replace);
    await this.visit(route);
  }

  /** Another person stays in the channel if they can see it. @param {Route} route */
  keepPlace(route) {
    const next = this.people.find((p) => p.name === route.as);
    const channel = this.channel;
    const visible = channel && (channel.im ? this.other(channel).bot : channel.members.includes(next?.id ?? ''));
    if (!visible) Object.assign(route, { channel: '', thread: '' });
    else if (channel.mpim) route.channel = channel.id; // the others are others for another person
    else if (channel.im) route.thread = '';
  }

  /** @param {Route} route */
  async visit(route) {
    const another = route.as !== this.route.as;
    this.route = route;
    this.focus = '';
    if (another) {
      this.conversations.clear();
      await this.look();
    }
    this.changed();
    await this.open();
  }

  /** Reads what is shown now and was not read yet. */
  async open() {
    const channel = this.channel;
    if (!channel) return;
    this.newSince[channel.id] = channel.unread ? { count: channel.unread } : undefined;
    await this.attempt(async () => {
      if (!this.conversations.channel(channel.id)) await this.loadPage(channel.id, {});
      if (this.route.thread) await this.loadThread(channel.id, this.route.thread);
    });
    this.read();
  }

  async loadPage(channel, params) {
    const page = await api.get('messages', { channel, as: this.route.as, ...params });
    this.conversations.addPage(channel, page, Boolean(params.before));
    this.changed();
  }

  async loadThread(channel, thread) {
    const page = await api.get('messages', { channel, thread, as: this.route.as });
    this.conversations.setThread(channel, thread, page.messages);
    this.changed();
  }

  /** Reads older messages of the channel that is shown. */
  async loadOlder() {
    const id = this.channel?.id;
    const list = id && this.conversations.channel(id);
    if (!list || !list.more || this.loading) return;
    this.loading = true;
    await this.attempt(() => this.loadPage(id, { before: list.messages[0].ts }));
    this.loading = false;
  }

  /** Tells the server that the channel on the screen is read. */
  read() {
    const channel = this.summary && this.channel;
    if (!channel?.unread || document.visibilityState !== 'visible' || this.showsHome) return;
    channel.unread = 0;
    channel.mentions = 0;
    this.changed();
    api.post('actions', { do: 'read', as: this.route.as, channel: channel.id }).catch(() => {});
  }

  /**
   * Does something as the person. An error is shown as a note, and null returned.
   * @param {string} what an action of the control API
   * @param {object} fields
   * @returns {Promise<any>} what the person sees of it, null if it was refused
   */
  act(what, fields = {}) {
    return this.attempt(async () => {
      const outcome = await api.post('actions', { do: what, as: this.route.as, ...fields });
      if (outcome.error) this.toast(outcome.error);
      return outcome;
    });
  }

  /** Runs something that can be refused, and shows the refusal. */
  async attempt(run) {
    try {
      return await run();
    } catch (refused) {
      if (!(refused instanceof api.Refused)) throw refused;
      this.toast(refused.message.replace(/^[a-z_]+ as \w+: /, ''));
      return null;
    }
  }

  /** Shows what a step of a workflow takes; null shows none. @param {WorkflowStep|null} step */
  openStep(step) {
    this.step = step;
    this.changed();
  }

  /** Shows a note for a while. @param {string} text */
  toast(text) {
    const note = { text, id: Math.random() };
    this.toasts = [...this.toasts.slice(-2), note];
    this.changed();
    setTimeout(() => {
      this.toasts = this.toasts.filter((t) => t !== note);
      this.changed();
    }, 6000);
  }

  /** Follows an address into this workspace; undefined for any other. @param {string} url */
  follow = (url) => {
    const place = readPermalink(url, this.summary.team.domain);
    return place ? () => this.jump(place) : undefined;
  };

  /** Shows a message where it stands, or a channel. @param {{channel: string, ts?: string, thread?: string}} place */
  async jump({ channel, ts, thread }) {
    const target = this.channelByID(channel);
    if (!target) return this.toast('There is no such channel.');
    if (!target.members.includes(this.me.id)) return this.toast(`${this.me.real_name} is not in that channel.`);
    await this.go({ channel: this.refOf(target), thread: thread || '' });
    if (ts && !this.conversations.channel(channel)?.messages.some((m) => m.ts === ts) && !thread) {
      await this.attempt(() => this.loadPage(channel, { around: ts }));
    }
    this.focus = ts ?? '';
    return this.changed();
  }

  /**
   * What rich text needs to know. It stays the same object while nothing that
   * matters to a reader has changed, so that messages are not drawn again.
   * @returns {Reader}
   */
  get reader() {
    const { summary, now } = this;
    const key = [summary, this.route.as, Math.floor(Number(now) / 600000)];
    let reader = this.lastReader;
    if (!reader || key.some((k, i) => k !== this.readerKey?.[i])) {
      reader = {
        tz: this.tz, now, me: this.me, person: this.person, group: this.group, channel: this.channelByID,
        follow: this.follow, openChannel: (id) => this.jump({ channel: id }),
      };
      this.readerKey = key;
      this.lastReader = reader;
    }
    return reader;
  }
}
