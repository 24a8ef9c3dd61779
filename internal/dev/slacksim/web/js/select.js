/** Menus to choose from: single and multiple, with a filter, own options or the app's. */
import { useEffect, useId, useLayoutEffect, useState } from 'preact/hooks';
import { html, cx, useElement } from './html.js';
import { Icon } from './icons.js';
import { Popover } from './popover.js';
import { Avatar } from './avatar.js';
import { choicesOf, isMulti } from './options.js';

const filterFrom = 8;
const defaultQuery = 3; // Slack's min_query_length

const valueOf = (v) => (typeof v === 'object' && v ? v.value : v);

/** What is chosen now, as choices. */
function chosenOf(value, choices) {
  const list = (Array.isArray(value) ? value : [value]).filter((v) => v !== '' && v != null);
  return list.map((v) => choices?.find((c) => c.value === valueOf(v)) ?? { value: valueOf(v), label: v.text ?? String(valueOf(v)) });
}

/**
 * @param {{el: object, value: any, onChange: Function, ctx: object, label?: string, optional?: boolean, invalid?: string, describedBy?: string}} props
 *   invalid is the id of what says what is wrong
 */
export function Select({ el, value, onChange, ctx, label, optional, invalid, describedBy }) {
  const [anchor, setAnchor] = useState(/** @type {HTMLElement|null} */ (null));
  const multi = isMulti(el);
  const choices = choicesOf(el, ctx);
  const chosen = chosenOf(value, choices);
  const keep = (c) => (choices ? c.value : { text: c.label, value: c.value });
  const pick = (c) => {
    if (!multi) {
      setAnchor(null);
      anchor?.focus();
      return onChange(keep(c));
    }
    const rest = chosen.filter((x) => x.value !== c.value);
    const most = el.max_selected_items ?? Infinity;
    if (rest.length === chosen.length && chosen.length >= most) return undefined;
    return onChange((rest.length < chosen.length ? rest : [...chosen, c]).map(keep));
  };
  const name = label ?? el.placeholder?.text ?? 'Choose';
  const placeholder = el.placeholder?.text ?? 'Choose';
  const shown = chosen.map((c) => c.label).join(', ') || placeholder;
  return html`<span class="select-wrap">
    <button type="button" class=${cx('select', chosen.length === 0 && 'empty', invalid && 'invalid')} aria-haspopup="listbox"
      aria-expanded=${String(Boolean(anchor))} aria-label=${name === shown ? name : `${name}: ${shown}`} aria-describedby=${describedBy}
      onClick=${(e) => setAnchor(anchor ? null : e.currentTarget)}
      onKeyDown=${(e) => { if (e.key === 'ArrowDown') { e.preventDefault(); setAnchor(e.currentTarget); } }}>
      ${chosen.length === 0 ? html`<span>${placeholder}</span>` : multi
        ? html`<span class="chips">${chosen.map((c) => html`<span class="chip">${c.label}</span>`)}</span>`
        : html`<span>${chosen[0].label}</span>`}
      <${Icon} name="down" size=${16} />
    </button>
    ${optional && chosen.length > 0 && html`<button type="button" class="clear" aria-label=${`Clear ${name}`} title="Clear" onClick=${() => onChange(multi ? [] : '')}><${Icon} name="close" size=${14} /></button>`}
    ${anchor && html`<${List} anchor=${anchor} el=${el} ctx=${ctx} choices=${choices} chosen=${chosen} multi=${multi} label=${name}
      onPick=${pick} onClose=${() => setAnchor(null)} />`}
  </span>`;
}

/** Options that the app offers for what is typed. */
function useOffers(el, ctx, own, typed) {
  const [offers, setOffers] = useState(null);
  const least = el.min_query_length ?? defaultQuery;
  useEffect(() => {
    if (own || typed.length < least) return undefined;
    let current = true;
    const soon = setTimeout(async () => {
      const list = await ctx.suggest(el, typed);
      if (current) setOffers((list ?? []).map((o) => ({ value: o.value, label: o.text })));
    }, 150);
    return () => { current = false; clearTimeout(soon); };
  }, [typed]);
  if (own) return { list: own };
  if (typed.length < least) return { list: [], hint: `Type at least ${least} characters.` };
  return offers ? { list: offers } : { list: [], hint: 'Looking…' };
}

function List({ anchor, el, ctx, choices, chosen, multi, label, onPick, onClose }) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(() => Math.max(0, (choices ?? []).findIndex((c) => chosen.some((x) => x.value === c.value))));
  const id = useId();
  /** @type {{current: HTMLElement|null}} */
  const box = useElement();
  const { list, hint } = useOffers(el, ctx, choices, typed);
  const filter = !choices || choices.length >= filterFrom;
  const wanted = typed.toLowerCase();
  const found = choices ? list.filter((c) => `${c.label} ${c.note ?? ''}`.toLowerCase().includes(wanted)) : list;
  useLayoutEffect(() => /** @type {HTMLElement|null|undefined} */ (box.current?.querySelector('[data-focus]'))?.focus(), []);
  useEffect(() => box.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest' }), [active]);
  const keys = (event) => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: found.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setActive((to + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter' || (event.key === ' ' && !filter)) {
      event.preventDefault();
      if (found[active]) onPick(found[active]);
    } else if (event.key === 'Tab') {
      onClose();
    }
  };
  const current = found[active] ? `${id}-${active}` : undefined;
  return html`<${Popover} anchor=${anchor} onClose=${onClose} class="options">
    <div ref=${box} onKeyDown=${keys}>
      ${filter && html`<input data-focus type="text" role="combobox" aria-expanded="true" aria-controls=${id} aria-activedescendant=${current}
        aria-label=${`Filter: ${label}`} placeholder="Type to filter" value=${typed} onInput=${(e) => { setTyped(e.target.value); setActive(0); }} />`}
      <div role="listbox" id=${id} aria-label=${label} aria-multiselectable=${String(multi)} tabindex="0" data-focus=${filter ? undefined : ''} aria-activedescendant=${filter ? undefined : current}>
        ${found.map((c, i) => html`
          ${c.group && c.group !== found[i - 1]?.group && html`<div class="group" role="presentation">${c.group}</div>`}
          <${Choice} choice=${c} id=${`${id}-${i}`} active=${i === active} selected=${chosen.some((x) => x.value === c.value)}
            onPick=${() => onPick(c)} onOver=${() => setActive(i)} />`)}
        ${found.length === 0 && html`<p class="quiet" role="presentation">${hint ?? 'Nothing fits.'}</p>`}
      </div>
    </div>
  <//>`;
}

function Choice({ choice, id, active, selected, onPick, onOver }) {
  return html`<div role="option" id=${id} class=${cx('option', active && 'active')} aria-selected=${String(selected)} onClick=${onPick} onPointerMove=${onOver}>
    ${choice.person && html`<${Avatar} person=${choice.person} size="tiny" />`}
    <span class="menu-label">${choice.label}${choice.note && html`<small>${choice.note}</small>`}</span>
    ${selected && html`<${Icon} name="check" size=${16} />`}
  </div>`;
}
