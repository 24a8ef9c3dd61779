/** Faces: initials on a colour that the id decides. */
import { html, cx } from './html.js';
/** @import { Person } from './types.js' */

const hues = 9;

function hue(id) {
  let sum = 0;
  for (const char of id ?? '') sum = (sum * 31 + char.charCodeAt(0)) % 9973;
  return sum % hues;
}

function initials(name) {
  const words = (name ?? '?').split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((w) => [...w][0].toUpperCase()).join('') || '?';
}

/** @param {{person?: Person, size?: 'tiny'|'small'|'large', presence?: boolean}} props */
export function Avatar({ person, size, presence }) {
  const away = person?.presence === 'away' || person?.deactivated;
  return html`<span class=${cx('avatar', size, person?.bot ? 'bot' : `hue-${hue(person?.id)}`)} aria-hidden="true">
    ${initials(person?.real_name ?? person?.name)}
    ${presence && !person?.bot && html`<span class=${cx('presence', away && 'away')}></span>`}
  </span>`;
}

/** The marks behind a name: app, guest, deactivated, status. @param {{person?: Person, Emoji: Function}} props */
export function Marks({ person, Emoji }) {
  if (!person) return null;
  return html`
    ${person.bot && html`<span class="tag">App</span>`}
    ${(person.restricted || person.ultra_restricted) && html`<span class="tag">Guest</span>`}
    ${person.deactivated && html`<span class="tag">Deactivated</span>`}
    ${person.status_emoji && html`<span class="status-emoji" title=${person.status_text}><${Emoji} name=${person.status_emoji.replaceAll(':', '')} /></span>`}`;
}
