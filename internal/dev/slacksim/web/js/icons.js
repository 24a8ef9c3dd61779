/** Line icons, drawn on a grid of 20. */
import { html } from './html.js';

const paths = {
  hash: 'M7 3 5.5 17M14.5 3 13 17M3.5 7.5h14M2.5 12.5h14',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  send: 'M3 10 17 3.5 12.5 17 9.5 11z M9.5 11 17 3.5',
  smile: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM7 12c.8 1.2 1.8 1.8 3 1.8s2.2-.6 3-1.8M7.4 8v.2M12.6 8v.2',
  thread: 'M3.5 4.5h13v9H9l-3.5 3v-3h-2zM7 8h6M7 10.5h4',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  close: 'M5 5l10 10M15 5 5 15',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  menu: 'M3 5.5h14M3 10h14M3 14.5h14',
  plus: 'M10 4v12M4 10h12',
  people: 'M7.5 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM2.5 16c.4-2.8 2.3-4.2 5-4.2s4.6 1.4 5 4.2M12.8 4.3a2.6 2.6 0 0 1 0 4.9M14 11.9c2 .4 3.2 1.8 3.5 4.1',
  pulse: 'M2.5 10.5h3.2L8 4.5l4 11 2.3-5h3.2',
  sun: 'M10 13.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M15.3 4.7l-1.1 1.1M5.8 14.2l-1.1 1.1',
  moon: 'M16.5 11.7A6.8 6.8 0 0 1 8.3 3.5a6.8 6.8 0 1 0 8.2 8.2z',
  pause: 'M7 4.5v11M13 4.5v11',
  play: 'M6 4v12l10-6z',
  link: 'M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3L10 5.7M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l1.1-1.1',
  pen: 'M4 16l.8-3.4L13.4 4l2.6 2.6-8.6 8.6zM11.8 5.6l2.6 2.6',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10M8.5 9v4.5M11.5 9v4.5',
  bolt: 'M11 2.5 4.5 11.5H9l-1 6 7-9.5h-4.8z',
  down: 'M5.5 8l4.5 4.5L14.5 8',
  check: 'M4.5 10.5 8.5 14.5 15.5 5.5',
  clip: 'M14.5 9.5 9.3 14.7a3 3 0 0 1-4.3-4.3l5.9-5.9a2 2 0 0 1 2.9 2.9l-5.7 5.7a.9.9 0 0 1-1.3-1.3l4.9-4.9',
  bell: 'M5 14.5V9a5 5 0 0 1 10 0v5.5M3.5 14.5h13M8.5 17h3',
  file: 'M5.5 2.5h6l3.5 3.5v11.5h-9.5zM11.5 2.5v3.5H15',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  grid: 'M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z',
  home: 'M3.5 9 10 3.5 16.5 9v7.5h-4.3v-4.3H7.8v4.3H3.5z',
  clock: 'M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 5.8V10l2.8 2',
  skip: 'M4.5 4.5v11l7-5.5zM14.5 4.5v11',
};

/** @param {{name: string, size?: number}} props */
export function Icon({ name, size = 18 }) {
  return html`<svg class=${`icon icon-${name}`} width=${size} height=${size} viewBox="0 0 20 20" fill="none" stroke="currentColor"
    stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d=${paths[name]} /></svg>`;
}

/**
 * A button that shows an icon; its label is read aloud and shown as a hint.
 * @param {{icon: string, label: string, onClick: Function, class?: string, pressed?: boolean, size?: number}} props
 */
export function IconButton({ icon, label, class: name = '', pressed, size, ...rest }) {
  return html`<button type="button" class=${`icon-button ${name}`} title=${label} aria-label=${label}
    aria-pressed=${pressed === undefined ? undefined : String(pressed)} ...${rest}><${Icon} name=${icon} size=${size} /></button>`;
}
