/** The bar at the bottom: that this is a simulation, its time, and what moves it. */
import { useEffect, useReducer } from 'preact/hooks';
import { html, cx } from './html.js';
import { clockOf, dayOf, shortDay, span } from './dates.js';
import { Icon } from './icons.js';
import { MenuButton } from './popover.js';
import { useSession } from './session.js';
/** @import { Session, TimeState } from './types.js' */

const rates = [1, 60, 600];

/** Shows the bar; without a clock that can be moved only what it says. */
export function ClockBar() {
  const session = useSession();
  return html`<footer class="bar">
    <span class="simulation">This is a simulation.</span>
    ${session.preparing && html`<${Preparing} progress=${session.progress} />`}
    ${session.time && html`<${Clock} session=${session} time=${session.time} />`}
    <span class="grow"></span>
    ${!session.connected && html`<span class="offline" role="status">Not connected, trying again…</span>`}
    <button type="button" class=${cx('bar-button', session.route.pane === 'inspector' && 'on')} aria-label="Inspector" aria-pressed=${String(session.route.pane === 'inspector')}
      onClick=${() => session.go({ pane: session.route.pane === 'inspector' ? '' : 'inspector', thread: '' })}><${Icon} name="pulse" size=${17} /> <span class="wide">Inspector</span></button>
  </footer>`;
}

function Preparing({ progress }) {
  return html`<span class="preparing" role="status"><progress max=${progress.total} value=${progress.done} aria-label="Preparing"></progress>
    <span>${progress.what || 'Preparing'} ${Math.round((100 * progress.done) / progress.total)} %</span></span>`;
}

function useTick(ms) {
  const [, tick] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, ms);
    return () => clearInterval(timer);
  }, [ms]);
}

/** @param {{session: Session, time: TimeState}} props */
function Clock({ session, time }) {
  const { rate, next_deadline: next } = time;
  useTick(rate > 1 ? 200 : 1000);
  useEffect(() => {
    if (rate <= 1) return undefined;
    const timer = setInterval(() => session.readTime(), 5000);
    return () => clearInterval(timer);
  }, [rate]);
  const { now, tz } = session;
  const due = next ? new Date(next) : undefined;
  const real = new Date();
  return html`<div class="clock" role="group" aria-label="Time">
    <span class="times"><span class="business" title=${`The workspace's time, in ${tz}`}><${Icon} name="clock" size=${16} /> <b>${shortDay(now, tz)}</b> <b class="hm">${clockOf(now, tz)}</b></span>
      <span class="real wide" title="Your real time">real ${dayOf(real, tz) === dayOf(now, tz) ? '' : `${shortDay(real, tz)} `}${clockOf(real, tz)}</span></span>
    <span class="rates" role="group" aria-label="How fast time runs">
      <button type="button" aria-pressed=${String(rate === 0)} aria-label="Pause" title="Pause" onClick=${() => session.moveTime({ rate: rate === 0 ? 1 : 0 })}><${Icon} name=${rate === 0 ? 'play' : 'pause'} size=${14} /></button>
      ${rates.map((r) => html`<button type="button" aria-pressed=${String(rate === r)} onClick=${() => session.moveTime({ rate: r })}>×${r}</button>`)}</span>
    <span class="jumps wide">${jumps(session, now, tz, due).map((j) => html`<button type="button" class="bar-button" disabled=${j.disabled || session.moving} title=${j.note} onClick=${j.onPick}>${j.label}</button>`)}</span>
    <span class="narrow"><${MenuButton} class="bar-button" label="Move the time" side="above" items=${() => [...paces(session, rate), null, ...jumps(session, now, tz, due).filter((j) => !j.disabled)]}><${Icon} name="skip" size=${16} /><//></span>
    ${session.moving && html`<span class="quiet" role="status">Moving…</span>`}
  </div>`;
}

/** @param {Session} session @param {number} rate */
const paces = (session, rate) => rates.filter((r) => r !== rate)
  .map((r) => ({ label: `×${r}`, note: r === 1 ? 'as fast as real time' : `${r} times as fast`, onPick: () => session.moveTime({ rate: r }) }));

/** @param {Session} session @param {Date} now @param {string} tz @param {Date|undefined} due */
function jumps(session, now, tz, due) {
  const monday = nextMonday(now, tz);
  return [
    { label: '+15 min', onPick: () => session.moveTime({ advance: '15m' }) },
    {
      label: 'Next deadline', disabled: !due || due <= now, note: due ? `In ${span(Number(due) - Number(now))}: ${shortDay(due, tz)} ${clockOf(due, tz)}` : 'Nothing is due',
      onPick: () => session.moveTime({ to: 'deadline' }),
    },
    { label: 'Monday 09:00', note: `In ${span(Number(monday) - Number(now))}`, onPick: () => session.moveTime({ to: monday.toISOString() }) },
  ];
}

/**
 * The next Monday 09:00 of a zone after a moment.
 * @param {Date} now
 * @param {string} tz
 */
export function nextMonday(now, tz) {
  const hour = 3600000;
  const top = new Date(Math.ceil((now.getTime() + 1) / (hour / 4)) * (hour / 4)); // zones are quarters of an hour apart
  for (let t = top.getTime(); t < now.getTime() + 8 * 24 * hour; t += hour / 4) {
    const date = new Date(t);
    if (clockOf(date, tz) === '09:00' && new Date(dayOf(date, tz)).getUTCDay() === 1) return date;
  }
  return new Date(now.getTime() + 7 * 24 * hour);
}
