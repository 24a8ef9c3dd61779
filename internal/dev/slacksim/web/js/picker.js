/** The emoji picker. */
import { useLayoutEffect, useState } from 'preact/hooks';
import { html, useElement } from './html.js';
import { groups, emojiOf, searchEmoji } from './emoji.js';
import { Popover } from './popover.js';

const few = ['eyes', 'white_check_mark', 'hourglass_flowing_sand', 'ticket', 'pray', '+1', 'heart', 'tada'];

function Grid({ emoji, onPick }) {
  return html`<div class="emoji-grid">${emoji.map(({ name, char }) => html`
    <button type="button" title=${`:${name}:`} aria-label=${name.replaceAll('_', ' ')} onClick=${() => onPick(name)}>${char}</button>`)}</div>`;
}

const ofGroup = (group) => group.emoji.map(([char, name]) => ({ char, name }));

/**
 * @param {{anchor: Element, onPick: (name: string) => void, onClose: Function}} props
 */
export function EmojiPicker({ anchor, onPick, onClose }) {
  const [typed, setTyped] = useState('');
  /** @type {{current: HTMLInputElement|null}} */
  const input = useElement();
  useLayoutEffect(() => input.current?.focus(), []);
  const found = typed ? searchEmoji(typed.toLowerCase().replaceAll(':', '').replaceAll(' ', '_'), 64) : null;
  const pick = (name) => { onClose(); onPick(name); };
  const enter = (event) => {
    if (event.key === 'Enter' && found?.length) { event.preventDefault(); pick(found[0].name); }
  };
  return html`<${Popover} anchor=${anchor} side="end" onClose=${onClose} class="picker" role="dialog" aria-label="Choose an emoji">
    <input ref=${input} type="text" placeholder="Search emoji" aria-label="Search emoji" value=${typed}
      onInput=${(e) => setTyped(e.target.value)} onKeyDown=${enter} />
    <div class="picker-list" tabindex="0">
      ${found && (found.length ? html`<${Grid} emoji=${found} onPick=${pick} />` : html`<p class="quiet">No emoji is called that.</p>`)}
      ${!found && html`
        <${Grid} emoji=${few.map((name) => ({ name, char: emojiOf(name) }))} onPick=${pick} />
        ${groups.map((g) => html`<h3>${g.title}</h3><${Grid} emoji=${ofGroup(g)} onPick=${pick} />`)}`}
    </div>
  <//>`;
}
