/**
 * What is known of the messages: per channel a stretch from some moment to
 * now, per open thread all of it. Messages are never changed in place.
 */
/** @import { Change, MessageData } from './types.js' */

const isReply = (m) => Boolean(m.thread_ts) && m.thread_ts !== m.ts;
const inChannel = (m) => !isReply(m) || m.broadcast;

/** Lists of messages by place. */
export class Conversations {
  /** @type {Map<string, {messages: MessageData[], more: boolean}>} by channel */
  channels = new Map();

  /** @type {Map<string, MessageData[]>} by channel and ts */
  threads = new Map();

  /** Forgets everything. */
  clear() {
    this.channels.clear();
    this.threads.clear();
  }

  /** @param {string} channel id @returns {{messages: MessageData[], more: boolean}|undefined} */
  channel(channel) {
    return this.channels.get(channel);
  }

  /** @param {string} channel id @param {string} ts @returns {MessageData[]|undefined} */
  thread(channel, ts) {
    return this.threads.get(`${channel}/${ts}`);
  }

  /** Takes over a page read from the server, older ones before what is known. */
  addPage(channel, page, older) {
    const known = older ? this.channel(channel)?.messages ?? [] : [];
    this.channels.set(channel, { messages: [...page.messages, ...known], more: page.more });
  }

  /** Takes over a whole thread. */
  setThread(channel, ts, messages) {
    this.threads.set(`${channel}/${ts}`, messages);
  }

  /**
   * Applies a change from the stream.
   * @param {Change} change
   * @param {string} me whose ephemerals are shown
   */
  apply(change, me) {
    for (const m of change.messages ?? []) {
      if (!m.only_for || m.only_for === me) this.put(m);
    }
    for (const { channel, ts } of change.gone ?? []) this.drop(channel, ts);
  }

  /** @param {MessageData} m */
  put(m) {
    const list = this.channel(m.channel);
    if (list && inChannel(m) && !(list.more && list.messages.length > 0 && m.ts < list.messages[0].ts)) {
      this.channels.set(m.channel, { ...list, messages: upsert(list.messages, m) });
    }
    const root = m.thread_ts || m.ts;
    const thread = this.thread(m.channel, root);
    if (thread) this.setThread(m.channel, root, upsert(thread, m));
  }

  /** @param {string} channel @param {string} ts */
  drop(channel, ts) {
    const without = (messages) => (messages.some((m) => m.ts === ts) ? messages.filter((m) => m.ts !== ts) : messages);
    const list = this.channel(channel);
    if (list) this.channels.set(channel, { ...list, messages: without(list.messages) });
    for (const [key, messages] of this.threads) {
      if (key.startsWith(`${channel}/`)) this.threads.set(key, without(messages));
    }
  }
}

/** Puts a message in its place. @param {MessageData[]} messages @param {MessageData} m */
function upsert(messages, m) {
  let at = messages.length;
  while (at > 0 && messages[at - 1].ts > m.ts) at -= 1;
  const known = at > 0 && messages[at - 1].ts === m.ts;
  const copy = messages.slice();
  copy.splice(known ? at - 1 : at, known ? 1 : 0, m);
  return copy;
}
