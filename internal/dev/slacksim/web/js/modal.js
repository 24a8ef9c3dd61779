/** Modals: the view on top of those that the app has opened for this person. */
import { useEffect, useMemo, useReducer } from 'preact/hooks';
import { html, cx, useElement } from './html.js';
import { Blocks } from './blocks.js';
import { Dialog } from './dialog.js';
import { Form } from './form.js';
import { IconButton } from './icons.js';
import { useSession } from './session.js';
import { upload } from './api.js';
/** @import { Session, View } from './types.js' */

/** Shows what the person has open, if anything. */
export function Modals() {
  const session = useSession();
  const open = session.me?.modals ?? [];
  const view = open.at(-1);
  return view && html`<${Modal} key=${view.id} view=${view} depth=${open.length} session=${session} />`;
}

/**
 * A form of a view that lives as long as the component.
 * @param {View} view
 * @param {Session} session
 */
export function useForm(view, session) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  const form = useMemo(() => new Form(view, session, () => redraw(undefined)), [view.id, session]);
  form.take(view);
  useEffect(() => () => { form.flush(); }, [form]);
  return form;
}

/** What blocks in a view need around them. @param {Form} form @param {Session} session */
export const viewContext = (form, session) => ({
  reader: session.reader, scope: `${form.view.id}-`, people: session.summary.people, channels: session.mine,
  value: form.value, act: form.act, type: form.type, enter: form.enter, suggest: form.suggest,
  errors: form.errors, busy: form.busy,
  upload: (file) => session.attempt(() => upload(session.route.as, file)),
});

/** @param {{view: View, depth: number, session: Session}} props */
function Modal({ view, depth, session }) {
  const form = useForm(view, session);
  /** @type {{current: HTMLElement|null}} */
  const body = useElement();
  useEffect(() => { body.current?.querySelector('.has-error')?.scrollIntoView({ block: 'nearest' }); }, [form.refusals]);
  const { title, submit, close, blocks } = view.body;
  const banner = form.banner || view.banner;
  const send = (event) => { event.preventDefault(); form.submit(); };
  return html`<${Dialog} label=${title?.text} class="modal" focus=${firstField(view)} onClose=${() => form.close(false)}>
    <form onSubmit=${send} novalidate>
      <header>
        ${depth > 1 && html`<${IconButton} icon="back" label="Back" onClick=${() => form.close(false)} />`}
        <h2>${title?.text}</h2>
        <${IconButton} icon="close" label="Close" onClick=${() => form.close(true)} />
      </header>
      ${banner && html`<div class="banner" role="alert">${banner}</div>`}
      <div class="modal-body" ref=${body} tabindex="-1"><${Blocks} blocks=${blocks} ctx=${viewContext(form, session)} /></div>
      ${(submit || close) && html`<footer>
        <button type="button" class="button" onClick=${() => form.close(false)}>${close?.text ?? 'Cancel'}</button>
        ${submit && html`<button type="submit" class=${cx('button primary', form.busy === 'submit' && 'busy')} disabled=${form.busy === 'submit'}>${submit.text}</button>`}
      </footer>`}
    </form>
  <//>`;
}

/** The field that the app names gets the focus, else the first. @param {View} view */
const firstField = (view) => (dialog) => {
  const body = dialog.querySelector('.modal-body');
  const named = (view.body.blocks ?? []).find((b) => b.element?.focus_on_load)?.block_id;
  const place = body.querySelector(`[data-block="${CSS.escape(named ?? '')}"]`) ?? body;
  return place.querySelector('input, textarea, button.select') ?? body;
};
