/** The input block: a label, an element that holds a value, a hint, and what is wrong with it. */
import { useId } from 'preact/hooks';
import { html } from './html.js';
import { Select } from './select.js';
import { Choices, DateField, TextField, FileField, richValue, richTyped } from './fields.js';

/** @param {{block: object, ctx: object}} props */
export function InputBlock({ block, ctx }) {
  const id = useId();
  const el = block.element ?? {};
  const error = ctx.errors?.[block.block_id];
  const describedBy = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  const label = block.label?.text ?? '';
  return html`<div class=${error ? 'field has-error' : 'field'} data-block=${block.block_id}>
    <div class="field-label">${label}${block.optional && html` <span class="quiet">(optional)</span>`}</div>
    <${Field} el=${el} block=${block} ctx=${ctx} label=${label} invalid=${error} describedBy=${describedBy} />
    ${error && html`<div class="field-error" id=${`${id}-error`} role="alert">${error}</div>`}
    ${block.hint && html`<div class="field-hint" id=${`${id}-hint`}>${block.hint.text}</div>`}
  </div>`;
}

function Field({ el, block, ctx, ...shared }) {
  const value = ctx.value(block, el);
  const change = (v) => ctx.type(block, el, v);
  const properties = { el, value, ctx, onChange: change, ...shared };
  switch (el.type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input': return html`<${TextField} ...${properties} onEnter=${ctx.enter && (() => ctx.enter(block, el))} />`;
    case 'rich_text_input': return html`<${TextField} ...${properties} value=${richTyped(value)} onChange=${(v) => change(richValue(v))} />`;
    case 'radio_buttons':
    case 'checkboxes': return html`<${Choices} ...${properties} />`;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker': return html`<${DateField} ...${properties} />`;
    case 'file_input': return html`<${FileField} ...${properties} />`;
    default:
      if (/select$/.test(el.type ?? '')) return html`<${Select} ...${properties} optional=${block.optional} />`;
      return html`<span class="unknown">A field of type “${el.type}” that is not known here.</span>`;
  }
}
