// A list of objects as a table: what they have in common are its columns.
import { h } from './dom.js';
import { stringify } from '../client.js';

const COLUMNS = 14;
const PAGE = 100;
const isObject = (value) => value !== null && typeof value === 'object';

function columnsOf(list) {
  const often = new Map();
  for (const item of list.slice(0, 500))
    for (const name of Object.keys(isObject(item) ? item : {})) often.set(name, (often.get(name) ?? 0) + 1);
  const names = [...often.keys()].filter((name) => name !== '_cons');
  names.sort((a, b) => often.get(b) - often.get(a)); // stable: the scheme's order among equals
  return [...(often.has('_cons') ? ['_cons'] : []), ...names.slice(0, COLUMNS)];
}

const cell = (value) => {
  if (value === undefined) return '';
  if (Array.isArray(value)) return `[${value.length}]`;
  if (!isObject(value)) return String(value).slice(0, 200);
  const id = value.user_id ?? value.chat_id ?? value.channel_id ?? value.id;
  return `${value._cons ?? '{ }'}${id === undefined ? '' : ` ${id}`}`;
};

export function table(list, name) {
  const columns = columnsOf(list);
  const body = h('tbody');
  let shown = 0;
  const rest = h('button.quiet.small', { onclick: () => grow() });
  const grow = () => {
    const next = list.slice(shown, shown + PAGE);
    body.append(
      ...next.map((item) =>
        h(
          'tr',
          columns.map((column) =>
            h(
              'td',
              { title: isObject(item?.[column]) ? stringify(item[column]).slice(0, 500) : null },
              cell(item?.[column]),
            ),
          ),
        ),
      ),
    );
    shown += next.length;
    rest.hidden = shown >= list.length;
    rest.textContent = `${list.length - shown} more`;
  };
  const head = h(
    'tr',
    columns.map((column) => h('th', { scope: 'col' }, column)),
  );
  grow();
  return [
    h(
      'div.table-frame',
      { tabindex: '0', role: 'region', 'aria-label': `${name} as a table` },
      h('table', h('thead', head), body),
    ),
    rest,
  ];
}
