/** The template function that all components are written with. */
import { h, Component } from 'preact';
import { useRef } from 'preact/hooks';
import htm from 'htm';

export const html = htm.bind(h);

/**
 * Joins class names, leaving out what is false.
 * @param {...(string|false|null|undefined)} names
 * @returns {string}
 */
export const cx = (...names) => names.filter(Boolean).join(' ');

/**
 * A reference to an element that the component draws. It is there when its effects run.
 * @template T
 * @returns {{current: T}}
 */
export const useElement = () => useRef(/** @type {any} */ (null));

/**
 * A component that is drawn again only when one of its properties is another.
 * @param {Function} Inner a function component
 */
export function memo(Inner) {
  return class Memo extends Component {
    shouldComponentUpdate(next) {
      const keys = new Set([...Object.keys(next), ...Object.keys(this.props)]);
      return [...keys].some((key) => next[key] !== this.props[key]);
    }

    render(props) {
      return html`<${Inner} ...${props} />`;
    }
  };
}
