/** Tables of Block Kit. */
import { useState } from 'preact/hooks';
import { html } from './html.js';
import { RichText } from './richtext.js';

function Cell({ cell, setting, head, ctx }) {
  const content = cell?.type === 'rich_text' ? html`<${RichText} elements=${cell.elements} reader=${ctx.reader} />` : cell?.text;
  const name = `align-${setting?.align ?? 'left'} ${setting?.is_wrapped === false ? 'nowrap' : ''}`;
  return head ? html`<th class=${name} scope="col">${content}</th>` : html`<td class=${name}>${content}</td>`;
}

function Row({ row, head, settings, ctx }) {
  return html`<tr>${row.map((cell, i) => html`<${Cell} cell=${cell} head=${head} setting=${settings?.[i]} ctx=${ctx} />`)}</tr>`;
}

/** The first row is the head. @param {{block: {rows: object[][], column_settings?: object[]}, ctx: object}} props */
export function Table({ block, ctx }) {
  const [head, ...body] = block.rows ?? [];
  if (!head) return null;
  const settings = block.column_settings;
  return html`<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>
    <thead><${Row} row=${head} head=${true} settings=${settings} ctx=${ctx} /></thead>
    <tbody>${body.map((row) => html`<${Row} row=${row} settings=${settings} ctx=${ctx} />`)}</tbody>
  </table></div>`;
}

/** A table in pages. @param {{block: object, ctx: object}} props */
export function DataTable({ block, ctx }) {
  const [page, setPage] = useState(0);
  const [head, ...body] = block.rows ?? [];
  const size = block.page_size ?? 10;
  const pages = Math.max(1, Math.ceil(body.length / size));
  if (!head) return null;
  return html`<div class="data-table"><div class="table-caption">${block.caption}</div>
    <${Table} block=${{ rows: [head, ...body.slice(page * size, (page + 1) * size)] }} ctx=${ctx} />
    ${pages > 1 && html`<div class="pages">
      <button type="button" class="button small" disabled=${page === 0} onClick=${() => setPage(page - 1)}>Previous</button>
      <span>${page + 1} of ${pages}</span>
      <button type="button" class="button small" disabled=${page === pages - 1} onClick=${() => setPage(page + 1)}>Next</button></div>`}
  </div>`;
}
