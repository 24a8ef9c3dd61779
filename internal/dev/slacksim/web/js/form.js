/** What is typed and chosen in a view, kept here and by the server. */
import { enteredOf, faultOf, initialOf } from './options.js';
/** @import { View } from './types.js' */

const keyOf = (block, el) => `${block.block_id}/${el.action_id}`;
const typingPause = 300;

/**
 * The fields of one view. The server learns what is typed after a short pause,
 * so that whatever the app asks for in the meantime has it. One thing is under
 * way at a time: requests overtake each other, and the newest value has to win.
 */
export class Form {
  /**
   * @param {View} view as the server gives it
   * @param {import('./session.js').Session} session
   * @param {() => void} changed
   */
  constructor(view, session, changed) {
    this.session = session;
    this.changed = changed;
    /** @type {{as: string, home?: boolean, view?: string}} */
    this.place = { as: session.route.as, ...(view.type === 'home' ? { home: true } : { view: view.id }) };
    /** @type {Map<string, any>} */
    this.values = new Map(); // what was typed and chosen here
    /** @type {Set<string>} */
    this.unsent = new Set(); // the fields whose value the server does not have
    /** @type {Set<string>} */
    this.untold = new Set(); // the fields whose value the app is to hear of
    /** @type {Promise<any>} */
    this.underWay = Promise.resolve();
    this.errors = view.errors ?? {};
    this.refusals = 0; // how often it was sent in vain
    this.banner = '';
    this.busy = '';
    this.take(view);
  }

  /** Takes over the view as it is now. What was typed here stays. @param {View} view */
  take(view) {
    if (view === this.view) return;
    if (this.view && view.hash !== this.view.hash) this.errors = {};
    this.view = view;
  }

  value = (block, el) => {
    const key = keyOf(block, el);
    if (this.values.has(key)) return this.values.get(key);
    const state = this.view.values?.[block.block_id]?.[el.action_id];
    return state ? enteredOf(el, state) : initialOf(el);
  };

  set(block, el, value) {
    this.values.set(keyOf(block, el), value);
    if (this.errors[block.block_id]) {
      this.errors = { ...this.errors };
      delete this.errors[block.block_id];
    }
    this.changed();
  }

  /** A field of an input block. */
  type = (block, el, value) => {
    this.set(block, el, value);
    const told = block.dispatch_action && this.tells(el);
    (told ? this.untold : this.unsent).add(keyOf(block, el));
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.flush(), told && !isTyped(el) ? 0 : typingPause);
  };

  /** Enter in a line of text tells the app, where it asked for that. */
  enter = (block, el) => {
    if (!block.dispatch_action || this.tells(el)) return this.submit();
    this.values.set(keyOf(block, el), this.value(block, el));
    this.untold.add(keyOf(block, el));
    return this.flush();
  };

  /** Whether each change of an element goes to the app. */
  tells(el) {
    if (!/_input$/.test(el.type) || el.type === 'file_input') return true;
    return el.dispatch_action_config?.trigger_actions_on?.includes('on_character_entered') ?? false;
  }

  /** Does something after all that was begun before it. */
  inTurn(work) {
    /** @type {Promise<any>} */
    this.underWay = this.underWay.catch(() => {}).then(work);
    return this.underWay;
  }

  /** Tells the server, and the app where it asked, what they do not know yet. */
  flush() {
    clearTimeout(this.soon);
    return this.inTurn(async () => {
      await this.tell(this.unsent, true);
      await this.tell(this.untold, false);
    });
  }

  async tell(keys, quiet) {
    const half = new Set(this.inputs().filter((b) => isHalfTyped(b.element, this.value(b, b.element))).map((b) => keyOf(b, b.element)));
    const values = this.entered((key) => keys.has(key) && !half.has(key));
    keys.clear();
    if (!this.isOpen() || Object.keys(values).length === 0) return;
    const out = await this.session.act('type', { ...this.place, values, quiet });
    if (!out) Object.keys(values).forEach((key) => this.unsent.add(key)); // goes along with what is sent next
  }

  isOpen() {
    return this.place.home || this.session.me?.modals?.some((v) => v.id === this.view.id);
  }

  inputs() {
    return (this.view.body.blocks ?? []).filter((b) => b.type === 'input');
  }

  /** What was entered here in fields that the view has now. */
  entered(wanted) {
    const fields = this.inputs().map((b) => keyOf(b, b.element));
    return Object.fromEntries(fields.filter((key) => this.values.has(key) && wanted(key)).map((key) => [key, sent(this.values.get(key))]));
  }

  /** An element that acts at once: a button, a menu outside an input block. */
  act = async (block, el, value) => {
    if (value !== undefined) this.set(block, el, value);
    const pressed = el.type === 'button' ? el.action_id : '';
    if (!this.busy) this.busy = pressed;
    this.changed();
    this.flush();
    await this.inTurn(() => this.session.act('choose', { ...this.place, action_id: keyOf(block, el), value: sent(value) }));
    if (this.busy === pressed) this.busy = '';
    this.changed();
  };

  suggest = async (el, text) => {
    const out = await this.session.act('suggest', { ...this.place, action_id: el.action_id, text });
    return out?.options;
  };

  /** Sends the form, unless a field is plainly wrong. */
  async submit() {
    if (this.busy === 'submit') return;
    this.errors = this.faults();
    this.banner = '';
    if (Object.keys(this.errors).length === 0) await this.send();
    if (Object.keys(this.errors).length > 0) this.refusals += 1;
    this.changed();
  }

  /** Sends all that was entered, as it is when its turn comes. */
  async send() {
    clearTimeout(this.soon);
    this.busy = 'submit';
    this.changed();
    const out = await this.inTurn(() => {
      this.unsent.clear();
      this.untold.clear();
      return this.session.act('submit', { ...this.place, values: this.entered(() => true) });
    });
    this.busy = '';
    this.errors = out?.errors ?? {};
    this.banner = out?.banner ?? '';
  }

  /** @returns {Record<string, string>} what is wrong, by block */
  faults() {
    /** @type {Record<string, string>} */
    const found = {};
    for (const block of this.inputs()) {
      const fault = faultOf(block.element, this.value(block, block.element));
      if (fault) found[block.block_id] = fault;
    }
    return found;
  }

  close(all) {
    this.unsent.clear();
    this.untold.clear();
    return this.session.act('close', { ...this.place, all });
  }
}

/** Whether a value is typed letter by letter. */
const isTyped = (el) => /text_input$|number_input$/.test(el.type);

/** Whether a value is only the beginning of what its field takes: the server refuses "nobody@" as an address. */
const isHalfTyped = (el, value) => el.type !== 'plain_text_input' && faultOf(el, value) !== '';

/** Files go as their ids, an empty menu as nothing. */
function sent(value) {
  if (Array.isArray(value)) return value.map((v) => (v?.mimetype ? v.id : v));
  return value === '' ? null : value;
}
