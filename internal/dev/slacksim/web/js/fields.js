/** The elements that hold what is typed and chosen. */
import { html, cx, useElement } from './html.js';
import { Icon, IconButton } from './icons.js';
import { Text } from './richtext.js';
import { size } from './picture.js';

/**
 * Radio buttons and checkboxes.
 * @param {{el: object, value: any, onChange: Function, ctx: object, label: string, describedBy?: string}} props
 */
export function Choices({ el, value, onChange, ctx, label, describedBy }) {
  const many = el.type === 'checkboxes';
  const chosen = many ? value ?? [] : [value];
  const toggle = (v) => {
    if (!many) return onChange(v);
    const rest = chosen.filter((x) => x !== v);
    return onChange(rest.length < chosen.length ? rest : [...chosen, v]);
  };
  return html`<div class="choices" role=${many ? 'group' : 'radiogroup'} aria-label=${label} aria-describedby=${describedBy}>
    ${(el.options ?? []).map((o) => html`<label class="choice">
      <input type=${many ? 'checkbox' : 'radio'} name=${ctx.scope + el.action_id} checked=${chosen.includes(o.value)} onChange=${() => toggle(o.value)} />
      <span><span class="choice-label"><${Text} text=${o.text} reader=${ctx.reader} /></span>
        ${o.description && html`<small><${Text} text=${o.description} reader=${ctx.reader} /></small>`}</span>
    </label>`)}
  </div>`;
}

/** Seconds since 1970 as the browser's field writes them, in its own zone, and back. */
const toLocal = (seconds) => {
  if (!seconds) return '';
  const d = new Date(Number(seconds) * 1000);
  return new Date(d.getTime() - d.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};

const dateTypes = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' };

/** A date, a time, or both. @param {{el: object, value: any, onChange: Function, label: string, invalid?: string, describedBy?: string}} props */
export function DateField({ el, value, onChange, label, invalid, describedBy }) {
  const both = el.type === 'datetimepicker';
  const change = (event) => {
    const typed = event.target.value;
    onChange(both && typed ? Math.floor(new Date(typed).getTime() / 1000) : typed);
  };
  return html`<input class=${cx('input date', invalid && 'invalid')} type=${dateTypes[el.type]} aria-label=${label} aria-describedby=${describedBy} aria-invalid=${Boolean(invalid)}
    value=${both ? toLocal(value) : value ?? ''} onChange=${change} />`;
}

const textTypes = { email_text_input: 'email', url_text_input: 'url', number_input: 'text' };

/**
 * A line or several lines of text.
 * @param {{el: object, value: string, onChange: Function, onEnter?: Function, label: string, invalid?: string|boolean, describedBy?: string}} props
 */
export function TextField({ el, value, onChange, onEnter, label, invalid, describedBy }) {
  const properties = {
    class: cx('input', invalid && 'invalid'), value: value ?? '', placeholder: el.placeholder?.text,
    'aria-label': label, 'aria-invalid': Boolean(invalid), 'aria-describedby': describedBy,
    maxlength: el.max_length, 'data-field': el.action_id, onInput: (e) => onChange(e.target.value),
  };
  const left = el.max_length && el.max_length - [...(value ?? '')].length;
  const counter = left < Math.min(200, el.max_length / 4) && html`<span class="counter">${left} left</span>`;
  if (el.multiline || el.type === 'rich_text_input') {
    return html`<span class="field-wrap"><textarea rows="4" ...${properties}></textarea>${counter}</span>`;
  }
  return html`<span class="field-wrap"><input type=${textTypes[el.type] ?? 'text'} inputmode=${el.type === 'number_input' ? 'decimal' : undefined}
    autocomplete="off" ...${properties} onKeyDown=${(e) => e.key === 'Enter' && onEnter && (e.preventDefault(), onEnter())} />${counter}</span>`;
}

/** Rich text is typed as plain text and kept as the block that it is. */
export const richValue = (text) => (text
  ? { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] }
  : null);

/** The plain text of such a block. @param {object|string} value */
export const richTyped = (value) => (value?.elements ?? [])
  .map((part) => (part.elements ?? []).map((el) => el.text ?? '').join('')).join('\n');

/** Files to be sent along. @param {{el: object, value: object[], onChange: Function, ctx: object, label: string, describedBy?: string}} props */
export function FileField({ el, value, onChange, ctx, label, describedBy }) {
  /** @type {{current: HTMLInputElement}} */
  const input = useElement();
  const files = value ?? [];
  const most = el.max_files ?? 10;
  const add = async (event) => {
    const room = [...event.target.files].slice(0, most - files.length);
    event.target.value = '';
    const kept = await Promise.all(room.map((file) => ctx.upload(file)));
    onChange([...files, ...kept.filter(Boolean)]);
  };
  const accept = (el.filetypes ?? []).map((t) => `.${t}`).join(',');
  return html`<div class="files" role="group" aria-label=${label} aria-describedby=${describedBy}>
    ${files.map((f) => html`<span class="file-row"><${Icon} name="file" /> ${f.name} <small>${size(f.size ?? 0)}</small>
      <${IconButton} icon="close" size=${14} label=${`Remove ${f.name}`} onClick=${() => onChange(files.filter((x) => x !== f))} /></span>`)}
    ${files.length < most && html`<button type="button" class="button" onClick=${() => input.current.click()}><${Icon} name="clip" size=${16} /> Add a file</button>`}
    <input ref=${input} type="file" hidden multiple=${most > 1} accept=${accept} aria-label=${label} onChange=${add} />
  </div>`;
}
