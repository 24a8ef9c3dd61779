/** Switches for what can go wrong. */
import { useEffect, useState } from 'preact/hooks';
import { html } from './html.js';
import { get, post, remove } from './api.js';
import { Switch } from './people.js';
/** @import { Session } from './types.js' */

const faults = [
  { label: 'Slow Slack', note: 'every answer takes 2 s more', fault: { kind: 'delay', delay_ms: 2000 } },
  { label: 'Too many requests', note: 'posts and edits answer 429', fault: { kind: 'ratelimit', method: 'chat.*', retry_after: 5 } },
  { label: 'Server errors', note: 'posts and edits answer 500', fault: { kind: 'http', method: 'chat.*', status: 500 } },
  { label: 'Lost acknowledgements', note: 'none arrives', fault: { kind: 'drop_ack' } },
  { label: 'Sockets refused', note: 'the app cannot connect', fault: { kind: 'refuse_handshake' } },
];

const same = (a, b) => a.kind === b.kind && (a.method ?? '') === (b.method ?? '') && !a.count;

/** @param {{session: Session}} props */
export function Faults({ session }) {
  const [set, setSet] = useState(/** @type {{id: number, kind: string, method?: string, count?: number}[]} */ ([]));
  const [beside, setBeside] = useState(/** @type {{name: string, on: boolean}[]} */ ([]));
  const read = () => session.attempt(async () => {
    setSet(await get('faults'));
    setBeside(await get('toggles'));
  });
  useEffect(() => {
    read();
    const changed = (change) => { if (change.faults) read(); };
    session.onTraffic.add(changed);
    return () => session.onTraffic.delete(changed);
  }, []);
  const flip = (fault, on) => session.attempt(async () => {
    if (on) await post('faults', fault);
    else await Promise.all(set.filter((f) => same(f, fault)).map((f) => remove('faults', { id: f.id })));
    await read();
  });
  const flipBeside = (name, on) => session.attempt(async () => setBeside(await post('toggles', { name, on })));
  const endAll = () => session.attempt(async () => {
    await remove('faults');
    for (const s of beside.filter((x) => x.on)) await post('toggles', { name: s.name, on: false });
    await read();
  });
  const count = set.length + beside.filter((s) => s.on).length;
  return html`<details class="faults"><summary>Faults${count > 0 && html` <span class="badge">${count} on</span>`}</summary>
    <div class="fault-list">
      ${faults.map((f) => html`<div title=${f.note}><${Switch} label=${f.label} on=${set.some((x) => same(x, f.fault))} onChange=${(on) => flip(f.fault, on)} /><small>${f.note}</small></div>`)}
      ${beside.map((s) => html`<div><${Switch} label=${s.name[0].toUpperCase() + s.name.slice(1)} on=${s.on} onChange=${(on) => flipBeside(s.name, on)} /></div>`)}
      <div class="fault-once"><button type="button" class="button small" onClick=${() => session.attempt(() => post('faults', { kind: 'cut_sockets' }))}>Cut the sockets</button>
        <button type="button" class="button small" onClick=${endAll}>End all</button></div>
    </div></details>`;
}
