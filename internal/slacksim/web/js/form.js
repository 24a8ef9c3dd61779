/** What is typed and chosen in a view, kept here and by the server. */
import { enteredOf, faultOf, initialOf } from './options.js';

const keyOf = (block, el) => `${block.block_id}/${el.action_id}`;
const typingPause = 300;

/**
 * The fields of one open view. The server learns what is typed after a short
 * pause, so that whatever the app asks for in the meantime has it.
 */
export class Form {
  /**
   * @param {object} view as the server gives it
   * @param {import('./session.js').Session} session
   * @param {() => void} changed
   */
  constructor(view, session, changed) {
    this.session = session;
    this.changed = changed;
    this.values = new Map();
    this.unsent = new Map();
    this.errors = view.errors ?? {};
    this.banner = '';
    this.busy = '';
    this.take(view);
  }

  /** Takes over the view as it is now. What was typed here stays. */
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
    if (block.dispatch_action && this.tells(el)) {
      this.dispatch(block, el, value);
      return;
    }
    this.unsent.set(keyOf(block, el), sent(value));
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.flush(), typingPause);
  };

  /** Enter in a line of text tells the app, where it asked for that. */
  enter = (block, el) => {
    if (block.dispatch_action && !this.tells(el)) this.dispatch(block, el, this.value(block, el));
    else this.submit();
  };

  /** Whether each change of an element goes to the app. */
  tells(el) {
    if (!/_input$/.test(el.type) || el.type === 'file_input') return true;
    return el.dispatch_action_config?.trigger_actions_on?.includes('on_character_entered') ?? false;
  }

  async dispatch(block, el, value) {
    clearTimeout(this.telling);
    const wait = /text_input$|number_input$/.test(el.type) ? typingPause : 0;
    this.telling = setTimeout(async () => {
      await this.flush();
      await this.session.act('type', { view: this.view.id, values: { [keyOf(block, el)]: sent(value) } });
    }, wait);
  }

  /** Tells the server what it does not know yet. */
  async flush() {
    clearTimeout(this.soon);
    if (this.unsent.size === 0) return;
    const values = Object.fromEntries(this.unsent);
    this.unsent.clear();
    await this.session.act('type', { view: this.view.id, values, quiet: true });
  }

  /** An element that acts at once: a button, a menu outside an input block. */
  act = async (block, el, value) => {
    if (value !== undefined) this.set(block, el, value);
    await this.flush();
    this.busy = el.type === 'button' ? el.action_id : '';
    this.changed();
    await this.session.act('choose', { view: this.view.id, action_id: keyOf(block, el), value: sent(value) });
    this.busy = '';
    this.changed();
  };

  suggest = async (el, text) => {
    const out = await this.session.act('suggest', { view: this.view.id, action_id: el.action_id, text });
    return out?.options;
  };

  /** Sends the form, unless a field is plainly wrong. */
  async submit() {
    if (this.busy) return;
    this.errors = this.faults();
    this.banner = '';
    if (Object.keys(this.errors).length === 0) await this.send();
    this.changed();
  }

  async send() {
    clearTimeout(this.soon);
    this.busy = 'submit';
    this.changed();
    const values = Object.fromEntries(this.unsent);
    this.unsent.clear();
    const out = await this.session.act('submit', { view: this.view.id, values });
    this.busy = '';
    this.errors = out?.errors ?? {};
    this.banner = out?.banner ?? '';
  }

  faults() {
    const found = {};
    for (const block of this.view.body.blocks ?? []) {
      if (block.type !== 'input') continue;
      const fault = faultOf(block.element, this.value(block, block.element));
      if (fault) found[block.block_id] = fault;
    }
    return found;
  }

  close(all) {
    return this.session.act('close', { view: this.view.id, all });
  }
}

/** Files go as their ids, an empty menu as nothing. */
function sent(value) {
  if (Array.isArray(value)) return value.map((v) => (v?.mimetype ? v.id : v));
  return value === '' ? null : value;
}
