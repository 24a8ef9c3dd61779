/** The interactive elements of Block Kit that act at once: buttons and menus. */
import { useState } from 'preact/hooks';
import { html, cx } from './html.js';
import { Icon } from './icons.js';
import { Confirm } from './dialog.js';
import { MenuButton } from './popover.js';
import { Picture } from './picture.js';
import { Select } from './select.js';
import { Choices, DateField } from './fields.js';
import { withEmoji } from './richtext.js';

const menus = /^(multi_)?(static|external|users|channels|conversations)_select$/;

/**
 * An element outside an input block. What a person does with it goes to
 * ctx.act, after its question if it has one.
 * @param {{el: object, block: object, ctx: object, label?: string}} props
 */
export function Element({ el, block, ctx, label }) {
  const [asking, setAsking] = useState(/** @type {{value: any}|null} */ (null));
  const act = (value) => (el.confirm ? setAsking({ value }) : ctx.act(block, el, value));
  const answer = (yes) => {
    setAsking(null);
    if (yes) ctx.act(block, el, asking?.value);
  };
  return html`
    <${Bare} el=${el} block=${block} ctx=${ctx} act=${act} label=${label} />
    ${asking && html`<${Confirm} confirm=${el.confirm} onAnswer=${answer} />`}`;
}

function Bare({ el, block, ctx, act, label }) {
  const value = ctx.value(block, el);
  if (menus.test(el.type)) return html`<${Select} el=${el} value=${value} onChange=${act} ctx=${ctx} label=${label} />`;
  switch (el.type) {
    case 'button':
    case 'workflow_button': return html`<${Button} el=${el} act=${act} busy=${ctx.busy === el.action_id} />`;
    case 'icon_button': return html`<button type="button" class="button small" onClick=${() => act()}><${Icon} name="trash" size=${15} /> ${el.text?.text}</button>`;
    case 'feedback_buttons': return html`<${Feedback} el=${el} act=${act} />`;
    case 'overflow': return html`<${Overflow} el=${el} act=${act} />`;
    case 'radio_buttons':
    case 'checkboxes': return html`<${Choices} el=${el} value=${value} onChange=${act} ctx=${ctx} label=${label ?? el.action_id} />`;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker': return html`<${DateField} el=${el} value=${value} onChange=${act} ctx=${ctx} label=${label ?? el.placeholder?.text ?? 'Date'} />`;
    case 'image': return html`<${Picture} url=${el.image_url} alt=${el.alt_text} class="accessory-image" />`;
    default: return html`<span class="unknown">An element of type “${el.type}” that is not known here.</span>`;
  }
}

function Button({ el, act, busy }) {
  const text = el.text?.emoji === false ? el.text.text : withEmoji(el.text?.text);
  const click = () => {
    if (/^https?:/i.test(el.url ?? '')) window.open(el.url, '_blank', 'noopener,noreferrer');
    act();
  };
  return html`<button type="button" class=${cx('button', el.style, busy && 'busy')} disabled=${busy} data-action=${el.action_id}
    aria-label=${el.accessibility_label} title=${el.url} onClick=${click}>${text}${el.url && html` <${Icon} name="link" size=${14} />`}</button>`;
}

function Feedback({ el, act }) {
  return html`<span class="feedback">
    ${[el.positive_button, el.negative_button].map((b) => html`<button type="button" class="button small" aria-label=${b?.accessibility_label} onClick=${() => act(b?.value)}>${b?.text?.text}</button>`)}
  </span>`;
}

function Overflow({ el, act }) {
  const items = (el.options ?? []).map((o) => ({
    label: o.text?.text, note: o.description?.text,
    onPick: () => {
      if (/^https?:/i.test(o.url ?? '')) window.open(o.url, '_blank', 'noopener,noreferrer');
      act(o.value ?? o.text?.text);
    },
  }));
  return html`<${MenuButton} label="More" class="button overflow" items=${items} data-action=${el.action_id}><${Icon} name="more" /><//>`;
}
