// An answer as a person works with it: a tree that can be filtered, a table where it holds a list,
// a file.
import { copy, download, fill, h, newId } from '../ui/dom.js';
import { foldAll, tree } from '../ui/tree.js';
import { table } from '../ui/table.js';
import { stringify } from '../client.js';

const isObject = (value) => value !== null && typeof value === 'object';

// What of a value holds the text, in a name or a value; undefined where nothing does.
export function sift(value, text, key = '') {
  if (String(key).toLowerCase().includes(text)) return value;
  if (!isObject(value)) return String(value).toLowerCase().includes(text) ? value : undefined;
  const kept = Object.entries(value)
    .map(([name, item]) => [
      name,
      name === '_cons' ? item : sift(item, text, Array.isArray(value) ? '' : name),
    ])
    .filter(([, item]) => item !== undefined);
  const says = kept.some(([name, item]) => name !== '_cons' || String(item).toLowerCase().includes(text));
  if (!says) return undefined;
  return Array.isArray(value) ? kept.map(([, item]) => item) : Object.fromEntries(kept);
}

// The lists of objects in an answer, the longest name first said: {dialogs: […], users: […]}.
const listsOf = (answer) =>
  Array.isArray(answer)
    ? answer.some(isObject) && { answer }
    : Object.fromEntries(
        Object.entries(isObject(answer) ? answer : {}).filter(
          ([, list]) => Array.isArray(list) && list.some(isObject),
        ),
      );

export function answerView(answer, { took, name }) {
  const body = h('div.tree');
  const found = h('p.note', { role: 'status' });
  let typed = '';
  const showTree = () => {
    const part = typed ? sift(answer, typed) : answer;
    found.textContent = part === undefined ? 'Nothing in the answer holds this.' : '';
    fill(body, part !== undefined && tree(part, { open: typed ? 8 : 2 }));
  };
  const filter = h('input.small-input', {
    type: 'search',
    'aria-label': 'Filter the answer',
    placeholder: 'Filter',
    oninput: () => ((typed = filter.value.trim().toLowerCase()), asTable(''), showTree()),
  });
  const lists = listsOf(answer) || {};
  const names = Object.keys(lists);
  const asTable = (list) => {
    pick.value = list;
    if (!list) return showTree();
    found.textContent = '';
    fill(body, table(lists[list], list));
  };
  const pick = h(
    'select.small-input',
    { id: newId('t'), 'aria-label': 'Show as', onchange: () => asTable(pick.value) },
    h('option', { value: '' }, 'Tree'),
    names.map((list) => h('option', { value: list }, `Table: ${list} (${lists[list].length})`)),
  );
  const button = (label, onclick) => h('button.small', { onclick }, label);
  showTree();
  return [
    h(
      'div.row',
      h('h3', 'Answer'),
      h('span.note', `${took} ms`),
      h('span.space'),
      button('Unfold', () => foldAll(body, true)),
      button('Fold', () => foldAll(body, false)),
      button('Copy', () => copy(stringify(answer, 2))),
      button('Save', () => download(`${name}.json`, stringify(answer, 2) + '\n')),
    ),
    isObject(answer) && h('div.row.sift', filter, names.length > 0 && pick),
    found,
    body,
  ];
}
