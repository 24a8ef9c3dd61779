/** The data_visualization block: pies, bars, lines and areas, as SVG. */
import { html } from './html.js';

const [wide, high] = [560, 220];
const edge = { left: 48, right: 12, top: 10, bottom: 26 };

/** @param {{block: {title: string, chart: object}}} props */
export function Chart({ block }) {
  const { chart } = block;
  const Kind = chart?.type === 'pie' ? Pie : Plot;
  return html`<figure class="chart"><figcaption>${block.title}</figcaption><${Kind} chart=${chart ?? {}} title=${block.title} /></figure>`;
}

function Legend({ names, notes = [] }) {
  return html`<ul class="legend">${names.map((name, i) => html`<li><span class=${`swatch hue-${i}`}></span>${name} <b>${notes[i]}</b></li>`)}</ul>`;
}

/** Slices of one circle: each is a dash of its outline, as wide as the radius. */
function Pie({ chart, title }) {
  const segments = (chart.segments ?? []).filter((s) => s.value > 0);
  const total = segments.reduce((sum, s) => sum + s.value, 0);
  const before = (i) => segments.slice(0, i).reduce((sum, s) => sum + s.value, 0) / total;
  return html`<div class="pie"><svg viewBox="-100 -100 200 200" role="img" aria-label=${`${title}, a pie`}>
      ${segments.map((s, i) => html`<circle class=${`slice hue-${i}`} r="50" pathLength="1" stroke-dasharray=${`${s.value / total} 1`} stroke-dashoffset=${-before(i)} transform="rotate(-90)" />`)}</svg>
    <${Legend} names=${segments.map((s) => s.label)} notes=${segments.map((s) => `${s.value} (${Math.round((100 * s.value) / total)} %)`)} /></div>`;
}

/** A step of 1, 2 or 5 times a power of ten, about a quarter of a span. */
function stepOf(span) {
  const power = 10 ** Math.floor(Math.log10(span / 4));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => span / step <= 5) ?? span;
}

/** Where values and categories stand, and the lines to read them by. */
function scaleOf(series, categories) {
  const values = series.flatMap((s) => (s.data ?? []).map((d) => d.value));
  const least = Math.min(0, ...values);
  const step = stepOf(Math.max(0, ...values) - least || 1);
  const [from, to] = [Math.floor(least / step) * step, Math.ceil((Math.max(0, ...values) || step) / step) * step];
  const band = (wide - edge.left - edge.right) / Math.max(1, categories.length);
  const y = (value) => edge.top + ((to - value) / (to - from)) * (high - edge.top - edge.bottom);
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
  return { band, y, ticks, x: (label) => edge.left + (categories.indexOf(label) + 0.5) * band };
}

const marks = {
  bar: (series, { x, y, band }) => series.flatMap((s, i) => s.data.map((d) => {
    const width = (band * 0.7) / series.length;
    return html`<rect class=${`mark hue-${i}`} x=${x(d.label) - band * 0.35 + i * width} width=${width} y=${Math.min(y(0), y(d.value))} height=${Math.abs(y(0) - y(d.value))}><title>${`${s.name}, ${d.label}: ${d.value}`}</title></rect>`;
  })),
  line: (series, { x, y }) => series.map((s, i) => html`<polyline class=${`curve hue-${i}`} points=${s.data.map((d) => `${x(d.label)},${y(d.value)}`).join(' ')} />`),
  area: (series, scale) => series.map((s, i) => {
    const points = s.data.map((d) => `${scale.x(d.label)},${scale.y(d.value)}`);
    const [first, last] = [s.data[0], s.data.at(-1)].map((d) => scale.x(d.label));
    return html`<polygon class=${`field-of hue-${i}`} points=${[`${first},${scale.y(0)}`, ...points, `${last},${scale.y(0)}`].join(' ')} />`;
  }).concat(marks.line(series, scale)),
};

function Plot({ chart, title }) {
  const { categories = [], x_label: below, y_label: beside } = chart.axis_config ?? {};
  const series = (chart.series ?? []).filter((s) => s.data?.length > 0);
  const scale = scaleOf(series, categories);
  const every = Math.ceil(categories.length / 10); // labels that have room beside each other
  return html`${beside && html`<div class="axis-name">${beside}</div>`}
    <svg viewBox=${`0 0 ${wide} ${high}`} role="img" aria-label=${`${title}, a chart of ${series.map((s) => s.name).join(', ')}`}>
      ${scale.ticks.map((t) => html`<line class="grid" x1=${edge.left} x2=${wide - edge.right} y1=${scale.y(t)} y2=${scale.y(t)} />
        <text class="tick" x=${edge.left - 7} y=${scale.y(t) + 4} text-anchor="end">${Number(t.toPrecision(6))}</text>`)}
      ${marks[chart.type]?.(series, scale)}
      ${categories.map((c, i) => i % every === 0 && html`<text class="tick" x=${scale.x(c)} y=${high - 8} text-anchor="middle">${c}</text>`)}
    </svg>
    ${below && html`<div class="axis-name below">${below}</div>`}
    <${Legend} names=${series.map((s) => s.name)} />`;
}
