/** Light or dark: as the system has it, until somebody chooses. */
import { useEffect, useState } from 'preact/hooks';

const key = 'theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function stored() {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a browser without storage forgets the choice
  }
}

function store(value) {
  try {
    localStorage.setItem(key, value);
  } catch { /* see stored */ }
}

/** Applies what was chosen before; call it once, before anything is drawn. */
export function startTheme() {
  const chosen = stored();
  if (chosen) document.documentElement.dataset.theme = chosen;
}

/** @returns {[boolean, () => void]} whether it is dark, and what changes it */
export function useTheme() {
  const now = () => (document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const [dark, setDark] = useState(now);
  useEffect(() => {
    const follow = () => setDark(now());
    system.addEventListener('change', follow);
    return () => system.removeEventListener('change', follow);
  }, []);
  const toggle = () => {
    const next = now() ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    store(next);
    setDark(next === 'dark');
  };
  return [dark, toggle];
}
