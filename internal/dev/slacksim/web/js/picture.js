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

/** What stands in place of a file that nobody can open. */
const unreachable = { tombstone: 'This file was deleted.', hidden_by_limit: 'Slack hides this file in a free workspace.' };

/** A file under a message: its picture, or its name; both can be opened. @param {{file: object}} props */
export function FileCard({ file }) {
  if (unreachable[file.mode]) return html`<div class="file gone"><${Icon} name="trash" size=${22} /><span>${unreachable[file.mode]}</span></div>`;
  const path = file.is_external ? file.url_private : `/sim/v1/files/${file.id}`;
  const about = file.is_external ? `kept by ${file.external_type}` : `${file.filetype.toUpperCase()} ${size(file.size)}`;
  const picture = file.mimetype?.startsWith('image/') && file.mimetype !== 'image/svg+xml' && !file.is_external;
  return html`<div class="file-card">
    ${picture && html`<a class="file-picture" href=${path} target="_blank" rel="noreferrer"><img src=${path} alt=${file.title} loading="lazy" /></a>`}
    <a class="file" href=${path} download=${file.is_external ? undefined : file.name} target="_blank" rel="noreferrer" title=${file.is_external ? 'Open' : 'Download'}>
      <${Icon} name="file" size=${22} /><span><strong>${file.title}</strong><small>${about}</small></span></a>
  </div>`;
}
