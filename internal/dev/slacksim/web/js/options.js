/** What the menus of Block Kit offer. */

/**
 * @typedef {object} Choice
 * @property {string} value
 * @property {string} label
 * @property {string} [note]
 * @property {string} [group] title of the group it stands in
 * @property {object} [person]
 */

const choice = (option, group) => ({
  value: option.value, label: option.text?.text ?? '', note: option.description?.text, group,
});

const people = (ctx) => ctx.people.filter((p) => !p.deactivated)
  .map((p) => ({ value: p.id, label: p.real_name, note: p.bot ? 'App' : `@${p.name}`, person: p }));

const channels = (ctx) => ctx.channels.filter((c) => !c.im && !c.mpim && !c.archived)
  .map((c) => ({ value: c.id, label: `#${c.name}` }));

/**
 * The choices of a menu; null where the app is asked for them.
 * @param {object} el an element of Block Kit
 * @param {object} ctx
 * @returns {Choice[]|null}
 */
export function choicesOf(el, ctx) {
  const kind = el.type.replace(/^multi_/, '');
  if (kind === 'users_select') return people(ctx);
  if (kind === 'channels_select') return channels(ctx);
  if (kind === 'conversations_select') return [...channels(ctx), ...people(ctx)];
  if (kind === 'external_select') return null;
  if (el.option_groups) return el.option_groups.flatMap((g) => g.options.map((o) => choice(o, g.label?.text)));
  return (el.options ?? []).map((o) => choice(o));
}

/** Whether an element holds several values. @param {object} el */
export const isMulti = (el) => el.type.startsWith('multi_') || el.type === 'checkboxes' || el.type === 'file_input';

/**
 * The value of an element as it is entered, read from its state: a string, a
 * list, or for menus of the app's {text, value}.
 * @param {object} el
 * @param {object} [state] {type, value | selected_option | …}
 */
export function enteredOf(el, state) {
  const field = Object.keys(state ?? {}).find((key) => key !== 'type');
  const value = field ? state[field] : null;
  if (Array.isArray(value)) return value.map((v) => plain(el, v));
  return value == null ? (isMulti(el) ? [] : '') : plain(el, value);
}

function plain(el, value) {
  if (typeof value !== 'object') return value;
  if (el.type === 'file_input' || el.type === 'rich_text_input') return value;
  if (el.type.includes('external')) return { text: value.text?.text ?? value.value, value: value.value };
  return value.value;
}

const initials = [
  'initial_value', 'initial_option', 'initial_options', 'initial_user', 'initial_users', 'initial_channel',
  'initial_channels', 'initial_conversation', 'initial_conversations', 'initial_date', 'initial_time', 'initial_date_time',
];

/** The value that an element begins with. @param {object} el */
export function initialOf(el) {
  const key = initials.find((k) => el[k] !== undefined);
  return enteredOf(el, key ? { [key]: el[key] } : undefined);
}

/**
 * What Slack checks before it sends a form.
 * @param {object} el
 * @param {any} value
 * @returns {string} what is wrong, or ""
 */
export function faultOf(el, value) {
  if (typeof value !== 'string' || value === '') return '';
  if (el.min_length && [...value].length < el.min_length) return `Please enter at least ${el.min_length} characters.`;
  if (el.type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return 'Please enter an email address.';
  if (el.type === 'url_text_input' && !/^https?:\/\/\S+$/i.test(value)) return 'Please enter an address beginning with http:// or https://.';
  return el.type === 'number_input' ? numberFault(el, value) : '';
}

function numberFault(el, value) {
  const number = Number(value);
  if (Number.isNaN(number)) return 'Please enter a number.';
  if (!el.is_decimal_allowed && !Number.isInteger(number)) return 'Please enter a whole number.';
  if (el.min_value !== undefined && number < Number(el.min_value)) return `Please enter ${el.min_value} or more.`;
  if (el.max_value !== undefined && number > Number(el.max_value)) return `Please enter ${el.max_value} or less.`;
  return '';
}
