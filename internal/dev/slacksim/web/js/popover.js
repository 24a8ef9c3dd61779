/** Things that open beside a button: menus, lists, the emoji picker. */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { html, cx, useElement } from './html.js';

const gap = 4;

/** Puts a box beside an anchor, within the window. */
function place(box, anchor, side) {
  const a = anchor.getBoundingClientRect();
  const { offsetWidth: w, offsetHeight: h } = box;
  const below = a.bottom + gap + h <= innerHeight || a.top < h + gap;
  const top = side === 'above' && a.top > h + gap ? a.top - h - gap : below ? a.bottom + gap : a.top - h - gap;
  const left = side === 'end' ? a.right - w : a.left;
  box.style.top = `${Math.max(8, Math.min(top, innerHeight - h - 8))}px`;
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - w - 8))}px`;
}

/**
 * A box in the top layer beside its anchor. Escape, a click elsewhere and the
 * Tab key out of it close it.
 * @param {{anchor: HTMLElement, onClose: Function, side?: 'end'|'above', class?: string, children: any}} props
 */
export function Popover({ anchor, onClose, side, class: name, children, ...rest }) {
  /** @type {{current: HTMLElement}} */
  const ref = useElement();
  useLayoutEffect(() => {
    const box = ref.current;
    box.showPopover?.();
    place(box, anchor, side);
    const again = () => place(box, anchor, side);
    const sizes = new ResizeObserver(again);
    sizes.observe(box);
    addEventListener('resize', again);
    addEventListener('scroll', again, true);
    return () => {
      sizes.disconnect();
      removeEventListener('resize', again);
      removeEventListener('scroll', again, true);
    };
  }, [anchor]);
  useEffect(() => {
    const outside = (event) => {
      if (!ref.current?.contains(event.target) && !anchor.contains(event.target)) onClose();
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  });
  const escape = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    event.preventDefault();
    onClose();
    anchor.focus();
  };
  return html`<div popover="manual" class=${cx('popover', name)} ref=${ref} onKeyDown=${escape} ...${rest}>${children}</div>`;
}

/** Moves the focus among the items of a menu with the arrow keys. */
function arrows(event) {
  const items = [...event.currentTarget.querySelectorAll('[role^=menuitem]:not([disabled])')];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

/**
 * A menu below its anchor. An item is {label, onPick, icon?, note?, danger?, href?};
 * null makes a line between items.
 * @param {{anchor: HTMLElement, items: (object|null)[], label: string, onClose: Function, side?: string}} props
 */
export function Menu({ anchor, items, label, onClose, side }) {
  /** @type {{current: HTMLElement|null}} */
  const ref = useElement();
  useLayoutEffect(() => ref.current?.querySelector('button')?.focus(), []);
  const pick = (item) => {
    onClose();
    anchor.focus();
    item.onPick();
  };
  return html`<${Popover} anchor=${anchor} side=${side} onClose=${onClose} class="menu">
    <div role="menu" aria-label=${label} ref=${ref} onKeyDown=${arrows}>
      ${items.map((item) => (item
        ? html`<button type="button" role="menuitem" tabindex="-1" class=${cx(item.danger && 'danger')} onClick=${() => pick(item)}>
            ${item.icon}<span class="menu-label">${item.label}${item.note && html`<small>${item.note}</small>`}</span>
          </button>`
        : html`<hr role="separator" />`))}
    </div>
  <//>`;
}

/**
 * A button with a menu.
 * @param {{label: string, items: Function|object[], side?: string, class?: string, children: any}} props
 */
export function MenuButton({ label, items, side, class: name, children, ...rest }) {
  const [anchor, setAnchor] = useState(null);
  return html`
    <button type="button" class=${name} aria-haspopup="menu" aria-expanded=${String(Boolean(anchor))} aria-label=${label} title=${label}
      onClick=${(event) => setAnchor(anchor ? null : event.currentTarget)} ...${rest}>${children}</button>
    ${anchor && html`<${Menu} anchor=${anchor} side=${side} label=${label} onClose=${() => setAnchor(null)}
      items=${typeof items === 'function' ? items() : items} />`}`;
}
