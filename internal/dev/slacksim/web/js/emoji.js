/** Emoji by Slack's short names. */
import { groups } from '../vendor/emoji.js';

const byName = new Map(groups.flatMap((g) => g.emoji.flatMap(([char, ...names]) => names.map((n) => [n, char]))));
const skinTone = /::skin-tone-[2-6]$/;

/** All groups, for the picker. */
export { groups };

/**
 * The character of a short name; undefined for one that is not in the table.
 * @param {string} name without colons; a skin tone is left out
 */
export const emojiOf = (name) => byName.get(name.replace(skinTone, ''));

/**
 * Short names that begin with, then those that contain what is typed.
 * @param {string} typed
 * @param {number} limit
 * @returns {{name: string, char: string}[]}
 */
export function searchEmoji(typed, limit) {
  const names = [...byName.keys()];
  const first = names.filter((n) => n.startsWith(typed));
  const then = names.filter((n) => !n.startsWith(typed) && n.includes(typed));
  return [...first, ...then].slice(0, limit).map((name) => ({ name, char: byName.get(name) ?? '' }));
}
