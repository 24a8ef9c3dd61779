/** The people of the workspace, what they are, and where they are. */
import { useState } from 'preact/hooks';
import { html, cx } from './html.js';
import { post } from './api.js';
import { Avatar, Marks } from './avatar.js';
import { Emoji } from './richtext.js';
import { nameOf } from './conversation.js';
import { isDirect } from './session.js';
/** @import { Channel, Person, Session } from './types.js' */

/** @param {{session: Session}} props */
export function People({ session }) {
  const { channel } = session;
  const place = channel && !isDirect(channel) ? channel : null;
  return html`<div class="people" tabindex="0" role="region" aria-label="People">
    ${place && html`<p class="quiet small">In ${nameOf(place, session)}: ${place.members.length}. What is changed here, the app hears as it would from Slack.</p>`}
    ${session.summary.people.map((p) => html`<${Row} key=${p.id} person=${p} place=${place} session=${session} />`)}
    <${NewPerson} session=${session} />
    <${NewChannel} session=${session} />
  </div>`;
}

/** @param {{person: Person, place: Channel|null, session: Session}} props */
function Row({ person, place, session }) {
  const as = person.name;
  const inside = place?.members.includes(person.id);
  const set = (what, fields) => session.act(what, { as, ...fields });
  return html`<section class=${cx('person', person.deactivated && 'deactivated')} aria-label=${person.real_name}>
    <div class="person-head"><${Avatar} person=${person} presence />
      <div><strong>${person.real_name}</strong> <${Marks} person=${person} Emoji=${Emoji} /><small>@${person.name}${person.tz && `, ${person.tz}`}${person.admin ? ', admin' : ''}</small></div></div>
    <div class="person-switches">
      ${place && html`<${Switch} label=${`In #${place.name}`} on=${inside} onChange=${(on) => move(session, person, place, on)} />`}
      ${!person.bot && html`
        <${Switch} label="Guest" on=${person.restricted} onChange=${(on) => set('guest', { guest: on })} />
        <${Switch} label="Away" on=${person.presence === 'away'} onChange=${(on) => set('status', { presence: on ? 'away' : 'active', status_text: person.status_text, status_emoji: person.status_emoji })} />
        <${Switch} label="Deactivated" on=${person.deactivated} onChange=${(on) => set(on ? 'deactivate' : 'reactivate')} />
        <${Status} person=${person} set=${set} />`}
    </div>
  </section>`;
}

/**
 * Somebody in a private channel is brought in by the person who looks.
 * @param {Session} session
 * @param {Person} person
 * @param {Channel} place
 * @param {boolean} on
 */
function move(session, person, place, on) {
  const alone = !person.bot && (!on || !place.private);
  if (alone) return session.act(on ? 'join' : 'leave', { as: person.name, channel: place.id });
  return session.act(on ? 'invite' : 'kick', { channel: place.id, person: person.name });
}

/** @param {{label: string, on: boolean, onChange: (on: boolean) => void}} props */
export function Switch({ label, on, onChange }) {
  return html`<label class="switch"><input type="checkbox" role="switch" checked=${Boolean(on)} onChange=${(e) => onChange(e.target.checked)} /><span class="track" aria-hidden="true"></span>${label}</label>`;
}

const statuses = [['', '', 'No status'], [':palm_tree:', 'On holiday', '🌴 On holiday'], [':face_with_thermometer:', 'Out sick', '🤒 Out sick'], [':calendar:', 'In a meeting', '📆 In a meeting']];

/** @param {{person: Person, set: (what: string, fields?: object) => void}} props */
function Status({ person, set }) {
  const at = statuses.findIndex(([emoji]) => emoji === (person.status_emoji ?? ''));
  const change = (event) => {
    const [status_emoji, status_text] = statuses[event.target.value];
    set('status', { status_emoji, status_text });
  };
  return html`<select class="input small" aria-label=${`Status of ${person.real_name}`} value=${String(at)} onChange=${change}>
    ${at < 0 && html`<option value="-1">${person.status_text}</option>`}
    ${statuses.map(([, , label], i) => html`<option value=${String(i)}>${label}</option>`)}</select>`;
}

/** @param {{session: Session}} props */
function NewPerson({ session }) {
  const [name, setName] = useState('');
  const add = (event) => {
    event.preventDefault();
    const handle = name.trim().toLowerCase().replace(/[^a-z0-9._-]+/g, '-');
    if (!handle) return;
    setName('');
    session.attempt(() => post('people', { name: handle, real_name: name.trim(), tz: session.tz }));
  };
  return html`<form class="add-row" onSubmit=${add}><input class="input" aria-label="Name of a new person" placeholder="Add a person" value=${name} onInput=${(e) => setName(e.target.value)} />
    <button type="submit" class="button">Add</button></form>`;
}

/** @param {{session: Session}} props */
function NewChannel({ session }) {
  const [name, setName] = useState('');
  const [hidden, setHidden] = useState(false);
  const add = (event) => {
    event.preventDefault();
    const plain = name.trim().toLowerCase().replace(/[^a-z0-9_-]+/g, '-');
    if (!plain) return;
    setName('');
    session.attempt(() => post('channels', { name: plain, private: hidden, members: [session.route.as] }));
  };
  return html`<form class="add-row" onSubmit=${add}><input class="input" aria-label="Name of a new channel" placeholder="Add a channel" value=${name} onInput=${(e) => setName(e.target.value)} />
    <${Switch} label="Private" on=${hidden} onChange=${setHidden} /><button type="submit" class="button">Add</button></form>`;
}
