/** Pictures and files. The page loads nothing from elsewhere. */
import { html, cx } from './html.js';
import { Icon } from './icons.js';

function local(url) {
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(url ?? '')) return true;
  try {
    return new URL(url, location.href).origin === location.origin;
  } catch {
    return false;
  }
}

/**
 * A picture of this machine; of any other only what it shows and where it is.
 * @param {{url: string, alt: string, class?: string}} props
 */
export function Picture({ url, alt, class: name }) {
  if (local(url)) return html`<img class=${cx('picture', name)} src=${url} alt=${alt ?? ''} loading="lazy" />`;
  return html`<span class=${cx('picture-elsewhere', name)} role="img" aria-label=${alt} title=${url}>
    <${Icon} name="eye" /> <span>${alt || 'A picture'}</span> <small>kept elsewhere, not loaded</small>
  </span>`;
}

/** A size as people read it. @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A file under a message. @param {{file: object}} props */
export function FileCard({ file }) {
  const path = new URL(file.url_private, location.href).pathname;
  if (file.mimetype?.startsWith('image/') && file.mimetype !== 'image/svg+xml') {
    return html`<a class="file-picture" href=${path} target="_blank" rel="noreferrer"><img src=${path} alt=${file.title} loading="lazy" /></a>`;
  }
  return html`<a class="file" href=${path} target="_blank" rel="noreferrer">
    <${Icon} name="file" size=${22} /><span><strong>${file.title}</strong><small>${file.filetype.toUpperCase()} ${size(file.size)}</small></span>
  </a>`;
}
