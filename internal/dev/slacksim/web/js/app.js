/** The whole page. */
import { useEffect, useState } from 'preact/hooks';
import { html, cx } from './html.js';
import { ClockBar } from './clockbar.js';
import { Conversation, nameOf } from './conversation.js';
import { Modals } from './modal.js';
import { Pane } from './pane.js';
import { Session, SessionProvider, useSession } from './session.js';
import { Sidebar } from './sidebar.js';
import { Steps } from './steps.js';

/** The chat client, once the workspace is known. */
export function App() {
  const [session] = useState(() => new Session());
  const [state, setState] = useState('reading');
  useEffect(() => {
    session.start().then(() => setState('ready'), (error) => setState(error.message));
  }, []);
  if (state !== 'ready') return html`<p class="loading" role="status">${state === 'reading' ? 'Opening the workspace…' : state}</p>`;
  return html`<${SessionProvider} value=${session}><${Frame} /><//>`;
}

function Frame() {
  const session = useSession();
  const { thread, pane } = session.route;
  const { channel } = session;
  useEffect(() => {
    document.title = `${channel ? nameOf(channel, session) : 'Workspace'}, as ${session.me?.real_name} (simulation)`;
  });
  return html`
    <div class=${cx('frame', (thread || pane) && 'with-pane', pane === 'inspector' && !thread && 'with-inspector')}>
      <${Sidebar} /><${Conversation} /><${Pane} /><${ClockBar} />
    </div>
    <${Modals} /><${Steps} />
    <div class="toasts" role="status" aria-live="polite">${session.toasts.map((t) => html`<div class="toast" key=${t.id}>${t.text}</div>`)}</div>`;
}
