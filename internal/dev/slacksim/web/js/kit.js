/** /kit: every block and element, from samples. */
import { useEffect, useState } from 'preact/hooks';
import { html, cx } from './html.js';
import { get } from './api.js';
import { Blocks } from './blocks.js';
import { IconButton } from './icons.js';
import { initialOf } from './options.js';
import { Mrkdwn } from './richtext.js';
import { useTheme } from './theme.js';

const sources = [['kit', 'Blocks and elements'], ['bot', 'What the app sends']];

function readerOf(summary) {
  const find = (list) => (id) => list.find((x) => x.id === id);
  return {
    tz: Intl.DateTimeFormat().resolvedOptions().timeZone, now: new Date(summary.now), me: summary.people.find((p) => !p.bot),
    person: find(summary.people), channel: find(summary.channels), group: find(summary.usergroups), follow: () => undefined,
  };
}

/** The samples, as messages, modals and Home tabs. */
export function Kit() {
  const [kit, setKit] = useState(/** @type {{samples: object[], summary: object}|null} */ (null));
  const [typed, setTyped] = useState('');
  const [dark, toggle] = useTheme();
  useEffect(() => {
    document.title = 'Block Kit samples (simulation)';
    Promise.all([get('samples'), get('state', { light: 1 })]).then(([samples, summary]) => setKit({ samples, summary }), () => {});
  }, []);
  if (!kit) return html`<p class="loading">Reading the samples…</p>`;
  const fits = kit.samples.filter((s) => s.name.toLowerCase().includes(typed.toLowerCase()));
  return html`<div class="kit">
    <header class="kit-head"><a class="button small" href="/">Back to the workspace</a><h1>Block Kit samples</h1><span class="grow"></span>
      <input class="input small" type="search" placeholder="Filter" aria-label="Filter the samples" value=${typed} onInput=${(e) => setTyped(e.target.value)} />
      <${IconButton} icon=${dark ? 'sun' : 'moon'} label=${dark ? 'Light colours' : 'Dark colours'} onClick=${toggle} /></header>
    <main class="kit-body">
      ${sources.map(([source, title]) => fits.some((s) => s.source === source) && html`<section><h2>${title}</h2>
        <div class="samples">${fits.filter((s) => s.source === source).map((s) => html`<${Sample} key=${source + s.name} sample=${s} summary=${kit.summary} />`)}</div></section>`)}
      <p class="quiet">This is a simulation.</p>
    </main></div>`;
}

function Sample({ sample, summary }) {
  const { payload } = sample;
  const [values, setValues] = useState({});
  const [said, setSaid] = useState('');
  const key = (block, el) => `${block.block_id ?? ''}/${el.action_id ?? el.type}`;
  const set = (block, el, value) => setValues((v) => ({ ...v, [key(block, el)]: value }));
  const ctx = {
    reader: readerOf(summary), scope: `${sample.source}-${sample.name}-`, people: summary.people, channels: summary.channels,
    value: (block, el) => values[key(block, el)] ?? initialOf(el),
    act: (block, el, value) => {
      if (value !== undefined) set(block, el, value);
      setSaid(`${el.type} ${el.action_id ?? ''} ${value === undefined ? '' : JSON.stringify(value)}`);
    },
    type: set, errors: sample.payload.kit_errors, upload: (file) => Promise.resolve({ id: file.name, name: file.name, size: file.size }),
    suggest: (_el, text) => Promise.resolve(['one', 'two', 'three'].map((n) => ({ text: `${text} ${n}`, value: n }))),
  };
  const view = payload.type === 'modal';
  return html`<article class=${cx('sample', view && 'as-modal')} aria-label=${sample.name}><h3>${sample.name.replace(/^\d+_/, '').replaceAll('_', ' ')}</h3>
    <div class="sample-body">
      ${view && html`<div class="sample-title">${payload.title?.text}</div>`}
      ${payload.blocks ? html`<${Blocks} blocks=${payload.blocks} ctx=${ctx} />` : html`<${Mrkdwn} text=${payload.text} reader=${ctx.reader} />`}
      ${view && html`<div class="sample-foot"><span class="button">${payload.close?.text ?? 'Cancel'}</span>${payload.submit && html`<span class="button primary">${payload.submit.text}</span>`}</div>`}
    </div>
    ${said && html`<p class="quiet small" role="status">${said}</p>`}</article>`;
}
