// The wire: every object of this connection, both ways, with the time in between.
import { copy, download, fill, h, toast } from './ui/dom.js';
import { tree } from './ui/tree.js';
import { stringify } from './client.js';
import * as log from './wire_log.js';
import { here } from './explorer/snippets.js';
import { toGateway } from './recipes/code.js';

const time = (ms) =>
  ms < 1
    ? '<1 ms'
    : ms < 1000
      ? `${Math.round(ms)} ms`
      : ms < 60_000
        ? `${(ms / 1000).toFixed(1)} s`
        : `${Math.round(ms / 60_000)} min`;
const clock = (date) =>
  date.toTimeString().slice(0, 8) + '.' + String(date.getMilliseconds()).padStart(3, '0');

// A row that opens to show an object, which `object()` gives.
export function opens(kind, summary, object) {
  const body = h('div.wire-body');
  const details = h('details', { class: `wire-row ${kind}` }, h('summary', summary), body);
  details.addEventListener('toggle', () => {
    if (!details.open || body.childElementCount) return;
    fill(
      body,
      h(
        'div.row',
        h('button.small', { onclick: () => copy(stringify(object())) }, 'Copy line'),
        h('button.small', { onclick: () => copy(stringify(object(), 2)) }, 'Copy indented'),
      ),
      h('div.tree', tree(JSON.parse(stringify(object())), { open: 2 })),
    );
    details.scrollIntoView({ block: 'nearest' });
  });
  return h('li', details);
}

// Up and down walk the rows, as Enter opens them.
export const walk = (list) =>
  list.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const rows = [...list.querySelectorAll('.wire-row > summary')];
    const next = rows[rows.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (!next || !rows.includes(document.activeElement)) return;
    event.preventDefault();
    next.focus();
  });

export function make(root) {
  let paused = false;
  let secrets = false;
  let filter = '';
  let direction = 'all';
  let missed = 0;
  const list = h('ol.wire-list', { 'aria-label': 'Objects' });
  const scroller = h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': 'Wire' }, list);
  const empty = h('p.empty');

  const matches = (entry) => {
    if (direction === 'updates' ? entry.id !== 0 : direction !== 'all' && entry.direction !== direction)
      return false;
    if (!filter) return true;
    entry.text ??= stringify(log.blank(entry.object)).toLowerCase();
    return entry.text.includes(filter) || (entry.request ?? '').toLowerCase().includes(filter);
  };

  function row(entry) {
    const sent = entry.direction === 'sent';
    return opens(
      `${entry.direction}${entry.failed ? ' failed' : ''}`,
      [
        h('span.clock', clock(entry.clock)),
        h('span.gap', entry.number === 1 ? '' : `+${time(entry.since)}`),
        h(
          'span.arrow',
          { role: 'img', 'aria-label': sent ? 'sent' : entry.id === 0 ? 'pushed' : 'received' },
          sent ? '→' : entry.id === 0 ? '⇠' : '←',
        ),
        h('span.what', entry.name, entry.request && h('span.hint', ` ${entry.request}`)),
        h('span.took', entry.took !== undefined ? time(entry.took) : ''),
        h('span.ident', entry.id === undefined ? '' : `#${entry.id}`),
      ],
      () => (secrets ? entry.object : log.blank(entry.object)),
    );
  }

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  function tell() {
    empty.textContent = log.entries.length
      ? list.childElementCount
        ? ''
        : 'Nothing matches.'
      : 'Nothing has been sent yet.';
    empty.hidden = !empty.textContent;
    pause.textContent = paused ? (missed ? `Go on (${missed} new)` : 'Go on') : 'Pause';
    pause.setAttribute('aria-pressed', String(paused));
  }
  function redraw() {
    missed = 0;
    fill(list, log.entries.filter(matches).map(row));
    tell();
    scroller.scrollTop = scroller.scrollHeight;
  }

  // What was asked, a line each, for `nc`: without the session, which comes from session.json, and
  // without sign-ins, which cannot be done again.
  function save() {
    const asked = log.entries.filter(
      (entry) => entry.direction === 'sent' && entry.object.message && matches(entry),
    );
    if (!asked.length) return toast('There is nothing to save: nothing was asked.');
    const lines = asked.map(({ object: { id, message, dc } }) => {
      const said = secrets ? message : log.blank(message);
      return stringify({ id, message: said, dc });
    });
    const { account } = here();
    const notation = stringify({ id: 1, account: account ?? undefined, options: { json: 'plain' } });
    download('wire.jsonl', [notation, ...lines, ''].join('\n'), 'application/x-ndjson');
    const command = `(cat ${account ? '' : 'session.json '}wire.jsonl) | ${toGateway('nc', here(), false)}`;
    copy(command, `Copied, to replay it: ${command}`);
  }
  walk(list);

  const search = h('input', {
    type: 'search',
    'aria-label': 'Filter',
    placeholder: 'Filter by any text in the object',
    'data-focus': true,
    oninput: (event) => ((filter = event.target.value.trim().toLowerCase()), redraw()),
  });
  const which = h(
    'select',
    { 'aria-label': 'Which objects', onchange: (event) => ((direction = event.target.value), redraw()) },
    [
      ['all', 'All'],
      ['sent', 'Sent'],
      ['received', 'Received'],
      ['updates', 'Updates'],
    ].map(([value, label]) => h('option', { value }, label)),
  );
  const pause = h('button', { onclick: () => ((paused = !paused), paused ? tell() : redraw()) }, 'Pause');
  const show = h(
    'label.inline',
    h('input', { type: 'checkbox', onchange: (event) => ((secrets = event.target.checked), redraw()) }),
    ' Keys and codes',
  );

  fill(
    root,
    h('h1.offscreen', 'Wire'),
    h(
      'div.tools',
      search,
      which,
      pause,
      h('button', { onclick: log.clear }, 'Clear'),
      h('button', { onclick: save, title: 'What was asked, to replay with nc' }, 'Save'),
      show,
    ),
    scroller,
  );
  scroller.append(empty);

  log.subscribe((entry) => {
    if (!entry) return redraw();
    if (paused) return (missed++, tell());
    if (!matches(entry)) return;
    const follow = atEnd();
    list.append(row(entry));
    while (list.childElementCount > log.entries.length) list.firstElementChild.remove();
    tell();
    if (follow) scroller.scrollTop = scroller.scrollHeight;
  });
  redraw();
  return { enter: () => (scroller.scrollTop = scroller.scrollHeight) };
}
