/** Dialogs: the browser's own element keeps the focus in and the page behind still. */
import { useLayoutEffect } from 'preact/hooks';
import { html, cx, useElement } from './html.js';

/**
 * @param {{label: string, onClose: Function, focus?: (dialog: HTMLElement) => HTMLElement|null, class?: string, children: any}} props
 *   focus finds what has the focus first; else the browser chooses
 */
export function Dialog({ label, onClose, focus, class: name, children }) {
  /** @type {{current: HTMLDialogElement}} */
  const ref = useElement();
  useLayoutEffect(() => { // at once, so that nothing is typed or drawn between opening and focus
    const dialog = ref.current;
    const before = /** @type {HTMLElement|null} */ (document.activeElement);
    dialog.showModal();
    focus?.(dialog)?.focus();
    // The focus goes back when the dialog has left the page: while it stands
    // there it holds the selection, and keys would go nowhere.
    return () => queueMicrotask(() => { if (before?.isConnected) before.focus(); });
  }, []);
  const cancel = (event) => { event.preventDefault(); onClose(); };
  return html`<dialog ref=${ref} class=${cx('dialog', name)} aria-label=${label} onCancel=${cancel}>${children}</dialog>`;
}

/**
 * The question that an element asks before it acts.
 * https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
 * @param {{confirm: object, onAnswer: (yes: boolean) => void}} props
 */
export function Confirm({ confirm, onAnswer }) {
  const words = (key, otherwise) => confirm[key]?.text ?? otherwise;
  return html`<${Dialog} label=${words('title', 'Are you sure?')} class="confirm" onClose=${() => onAnswer(false)}>
    <h2>${words('title', 'Are you sure?')}</h2>
    <p>${words('text', '')}</p>
    <footer>
      <button type="button" class="button" onClick=${() => onAnswer(false)}>${words('deny', 'Cancel')}</button>
      <button type="button" class=${cx('button', confirm.style === 'danger' ? 'danger' : 'primary')} autofocus
        onClick=${() => onAnswer(true)}>${words('confirm', 'Yes')}</button>
    </footer>
  <//>`;
}
