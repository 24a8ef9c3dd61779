/**
 * Dates as a reader sees them: in their own zone, and relative to the business
 * time of the workspace.
 */

const cache = new Map();

function formatter(tz, options) {
  const key = tz + JSON.stringify(options);
  if (!cache.has(key)) {
    cache.set(key, new Intl.DateTimeFormat('en-GB', { timeZone: tz || 'UTC', ...options }));
  }
  return cache.get(key);
}

function parts(date, tz) {
  const list = formatter(tz, {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(date);
  return Object.fromEntries(list.map((p) => [p.type, p.value]));
}

/** The date as YYYY-MM-DD in a zone. @param {Date} date @param {string} tz */
export function dayOf(date, tz) {
  const p = parts(date, tz);
  return `${p.year}-${p.month}-${p.day}`;
}

/** The time as 09:05 in a zone. @param {Date} date @param {string} tz */
export const clockOf = (date, tz) => formatter(tz, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date);

/** Weekday, day and month, such as "Mon 23 Nov". @param {Date} date @param {string} tz */
export const shortDay = (date, tz) => formatter(tz, { weekday: 'short', day: 'numeric', month: 'short' }).format(date).replace(',', '');

/** Everything about a moment, for a title. @param {Date} date @param {string} tz */
export const fullTime = (date, tz) => formatter(tz, { dateStyle: 'full', timeStyle: 'medium' }).format(date);

const dayNumber = (date, tz) => Date.parse(dayOf(date, tz)) / 86400000;

function nearDay(date, tz, now) {
  return { 0: 'today', [-1]: 'yesterday', 1: 'tomorrow' }[dayNumber(date, tz) - dayNumber(now, tz)];
}

/** The name of a day above its messages. @param {Date} date @param {string} tz @param {Date} now */
export function dayName(date, tz, now) {
  const near = nearDay(date, tz, now);
  if (near) return near[0].toUpperCase() + near.slice(1);
  const sameYear = dayOf(date, tz).slice(0, 4) === dayOf(now, tz).slice(0, 4);
  return formatter(tz, {
    weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }),
  }).format(date);
}

function ordinal(day) {
  const n = Number(day);
  if (n > 10 && n < 14) return `${n}th`;
  return n + (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
}

function longDate(date, tz) {
  const month = formatter(tz, { month: 'long' }).format(date);
  const p = parts(date, tz);
  return `${month} ${ordinal(p.day)}, ${p.year}`;
}

function shortDate(date, tz, now) {
  const p = parts(date, tz);
  const month = formatter(tz, { month: 'short' }).format(date);
  const year = now && parts(now, tz).year === p.year ? '' : `, ${p.year}`;
  return `${month} ${Number(p.day)}${year}`;
}

const weekday = (date, tz) => formatter(tz, { weekday: 'long' }).format(date);

/** @type {[Intl.RelativeTimeFormatUnit, number][]} with their seconds */
const units = [['year', 31536000], ['month', 2592000], ['day', 86400], ['hour', 3600], ['minute', 60]];

/** "3 minutes ago", "in 2 hours". @param {Date} date @param {Date} now */
export function ago(date, now) {
  const seconds = Math.round((Number(date) - Number(now)) / 1000);
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return relative.format(seconds, 'second');
}

/** A span as "2 d 3 h", "45 min". @param {number} ms */
export function span(ms) {
  const minutes = Math.max(0, Math.round(ms / 60000));
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (d > 0) return h > 0 ? `${d} d ${h} h` : `${d} d`;
  if (h > 0) return m > 0 ? `${h} h ${m} min` : `${h} h`;
  return `${m} min`;
}

const tokens = {
  date_num: (d, tz) => dayOf(d, tz),
  date: (d, tz) => longDate(d, tz),
  date_short: (d, tz) => shortDate(d, tz),
  date_long: (d, tz) => `${weekday(d, tz)}, ${longDate(d, tz)}`,
  date_pretty: (d, tz, now) => nearDay(d, tz, now) ?? longDate(d, tz),
  date_short_pretty: (d, tz, now) => nearDay(d, tz, now) ?? shortDate(d, tz, now),
  date_long_pretty: (d, tz, now) => nearDay(d, tz, now) ?? `${weekday(d, tz)}, ${longDate(d, tz)}`,
  time: (d, tz) => clockOf(d, tz),
  time_secs: (d, tz) => `${clockOf(d, tz)}:${parts(d, tz).second}`,
  ago: (d, _tz, now) => ago(d, now),
};

/**
 * Renders a date token of Slack's.
 * https://docs.slack.dev/messaging/formatting-message-text#date-formatting
 * @param {number} seconds since 1970
 * @param {string} format with tokens in braces
 * @param {string} fallback for a format that is not known
 * @param {string} tz the reader's zone
 * @param {Date} now
 */
export function dateText(seconds, format, fallback, tz, now) {
  const date = new Date(seconds * 1000);
  const names = [...format.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
  if (Number.isNaN(date.getTime()) || names.some((n) => !tokens[n])) return fallback;
  return format.replace(/\{(\w+)\}/g, (_, name) => tokens[name](date, tz, now));
}

/** The moment of a message's ts. @param {string} ts */
export const momentOf = (ts) => new Date(Number(ts) * 1000);
