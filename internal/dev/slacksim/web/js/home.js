/** The Home tab that the app has published for this person. */
import { useEffect } from 'preact/hooks';
import { html } from './html.js';
import { Blocks } from './blocks.js';
import { useForm, viewContext } from './modal.js';
/** @import { Session, View } from './types.js' */

/** Shows it, and tells the app that it was opened. @param {{session: Session}} props */
export function Home({ session }) {
  useEffect(() => { session.act('home', { name: 'home' }); }, []);
  const view = session.me?.home;
  if (!view) {
    return html`<div class="home empty-page"><h2>Nothing here yet</h2><p class="quiet">The app has published no Home tab for ${session.me?.real_name}.</p></div>`;
  }
  return html`<${Published} key=${view.id} view=${view} session=${session} />`;
}

/** @param {{view: View, session: Session}} props */
function Published({ view, session }) {
  const form = useForm(view, session);
  return html`<div class="home" tabindex="0" role="region" aria-label="Home"><div class="home-body">
    <${Blocks} blocks=${view.body.blocks} ctx=${viewContext(form, session)} /></div></div>`;
}
