/** Starts the page: the chat client, or at /kit the samples of Block Kit. */
import { render } from 'preact';
import { App } from './app.js';
import { Kit } from './kit.js';
import { html } from './html.js';
import { startTheme } from './theme.js';

startTheme();
render(location.pathname === '/kit' ? html`<${Kit} />` : html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
