/** What the address says: who looks, at what. */
/** @import { MessageData } from './types.js' */

const keys = ['as', 'channel', 'thread', 'tab', 'pane'];

/** @returns {{as: string, channel: string, thread: string, tab: string, pane: string}} "" where it says nothing */
export function readRoute() {
  const params = new URLSearchParams(location.search);
  const [as, channel, thread, tab, pane] = keys.map((key) => params.get(key) ?? '');
  return { as, channel, thread, tab, pane };
}

/**
 * Puts a place into the address.
 * @param {object} route as readRoute returns it
 * @param {boolean} replace do not add to the history
 */
export function writeRoute(route, replace) {
  const params = new URLSearchParams();
  for (const key of keys) if (route[key]) params.set(key, route[key]);
  const url = `/?${params}`;
  if (url === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
}

/**
 * Reads an address of a message in this workspace.
 * @param {string} url
 * @param {string} domain the workspace's
 * @returns {{channel: string, ts: string, thread: string}|null}
 */
export function readPermalink(url, domain) {
  const m = new RegExp(`^https://${domain}\\.slack\\.com/archives/([A-Z0-9]+)(?:/p(\\d{10})(\\d{6}))?(?:\\?.*?thread_ts=([\\d.]+))?`).exec(url);
  return m && { channel: m[1], ts: m[2] ? `${m[2]}.${m[3]}` : '', thread: m[4] ?? '' };
}

/** The address of a message, as people paste it. @param {string} domain @param {MessageData} message */
export function permalink(domain, message) {
  const link = `https://${domain}.slack.com/archives/${message.channel}/p${message.ts.replace('.', '')}`;
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  return reply ? `${link}?thread_ts=${message.thread_ts}&cid=${message.channel}` : link;
}
