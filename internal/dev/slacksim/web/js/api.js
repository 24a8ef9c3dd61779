/** The control API of the simulator: see API.md beside the server. */

const base = '/sim/v1/';

/** An answer that says no, with the server's sentence. */
export class Refused extends Error {}

async function call(method, path, params, body, type) {
  const query = new URLSearchParams(Object.entries(params ?? {}).filter(([, v]) => v !== '' && v != null));
  let response;
  try {
    response = await fetch(`${base}${path}?${query}`, {
      method,
      body,
      headers: type ? { 'Content-Type': type } : {},
    });
  } catch {
    throw new Refused('The simulator does not answer.');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error ?? `The simulator answered ${response.status}.`);
  return answer;
}

/** Reads something. @param {string} path @param {object} [params] */
export const get = (path, params) => call('GET', path, params);

/** Sends a JSON body. @param {string} path @param {object} body */
export const post = (path, body) => call('POST', path, {}, JSON.stringify(body), 'application/json');

/** Takes something away. @param {string} path @param {object} [params] */
export const remove = (path, params) => call('DELETE', path, params);

/**
 * Stores a file of a person.
 * @param {string} as
 * @param {File} file
 * @returns {Promise<{id: string, name: string, mimetype: string, size: number, url_private: string}>}
 */
export const upload = (as, file) =>
  call('POST', 'files', { as, name: file.name }, file, file.type || 'application/octet-stream');

/**
 * Listens to what changes. The browser connects again by itself.
 * @param {number} after the journal number that is known
 * @param {{change: Function, progress: Function, connected: Function}} on
 * @returns {() => void} stops listening
 */
export function listen(after, on) {
  const source = new EventSource(`${base}stream?after=${after}`);
  source.addEventListener('change', (event) => on.change(JSON.parse(event.data)));
  source.addEventListener('progress', (event) => on.progress(JSON.parse(event.data)));
  source.addEventListener('open', () => on.connected(true));
  source.addEventListener('error', () => on.connected(false));
  return () => source.close();
}
