/** Steps of workflows: the inputs that a workflow would give, and what becomes of them. */
import { useMemo, useState } from 'preact/hooks';
import { html } from './html.js';
import { Blocks } from './blocks.js';
import { Dialog } from './dialog.js';
import { IconButton } from './icons.js';
import { useSession } from './session.js';
/** @import { Block, Session, StepInput, StepRun, WorkflowStep } from './types.js' */

/** Shows the step that the person runs, if any. */
export function Steps() {
  const session = useSession();
  const { step } = session;
  return step && html`<${Run} key=${step.callback} step=${step} session=${session} />`;
}

/** @param {{step: WorkflowStep, session: Session}} props */
function Run({ step, session }) {
  const [values, setValues] = useState(/** @type {Record<string, any>} */ ({}));
  const [execution, setExecution] = useState('');
  const blocks = useMemo(() => (step.inputs ?? []).map(fieldOf), [step]);
  const ctx = {
    reader: session.reader, scope: `step-${step.callback}-`, people: session.summary.people, channels: session.mine,
    value: (block) => values[block.block_id], type: (block, _, value) => setValues({ ...values, [block.block_id]: value }),
  };
  const send = async (event) => {
    event.preventDefault();
    const out = await session.act('step', { callback: step.callback, values: given(values) });
    setExecution(out?.execution ?? '');
  };
  const run = session.summary.runs?.find((r) => r.execution === execution);
  return html`<${Dialog} label=${step.name} class="modal" onClose=${() => session.openStep(null)}>
    <form onSubmit=${send} novalidate>
      <header><h2>${step.name}</h2><${IconButton} icon="close" label="Close" onClick=${() => session.openStep(null)} /></header>
      <div class="modal-body" tabindex="-1">
        <p class="quiet">A step of a workflow. What a workflow would give it is filled in here.</p>
        <${Blocks} blocks=${blocks} ctx=${ctx} />
        ${execution && html`<${Outcome} run=${run} session=${session} />`}
      </div>
      <footer><button type="submit" class="button primary">Run</button></footer>
    </form>
  <//>`;
}

/** @param {{run: StepRun|undefined, session: Session}} props */
function Outcome({ run, session }) {
  if (!run?.done) return html`<p role="status">The app has not ended it yet.</p>`;
  if (run.error) return html`<p role="status" class="field-error">${run.error}</p>`;
  return html`<dl class="outputs" role="status">${Object.entries(run.outputs ?? {}).map(([name, value]) => html`<dt>${name}</dt>
    <dd><${Value} text=${value} session=${session} /></dd>`)}</dl>`;
}

/** A link into the workspace is followed here. @param {{text: string, session: Session}} props */
function Value({ text, session }) {
  const follow = session.follow(text);
  if (!follow) return text;
  return html`<button type="button" class="link" onClick=${() => { session.openStep(null); follow(); }}>${text}</button>`;
}

/** A field for an input. @param {StepInput} input @returns {Block} */
const fieldOf = (input) => ({
  type: 'input', block_id: input.name, label: { text: input.title }, optional: !input.required, hint: input.hint && { text: input.hint },
  element: { type: input.person ? 'users_select' : 'plain_text_input', action_id: input.name, placeholder: { text: '' } },
});

/** What is empty is not given. @param {Record<string, any>} values */
const given = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value));
