// The explorer: all methods of the loaded layer on one side, the chosen one on the other.
import { fill, h } from '../ui/dom.js';
import { inWords } from '../ui/words.js';
import { state } from '../gateway.js';
import { load, plain } from './scheme.js';
import { index, search, typesNamed } from './search.js';
import { methodPage, typePage } from './method.js';

const SHOWN = 120; // of what a search finds
const BEST = 3; // of these, before types of that name
const STARTERS = [
  'help.getConfig',
  'users.getUsers',
  'messages.getDialogs',
  'messages.sendMessage',
  'contacts.resolveUsername',
];

export function make(root) {
  let scheme = null;
  let known = null; // the index of the search
  let open = '';
  let eager = false; // Enter was pressed before the scheme was there
  const pages = new Map(); // by name: a half filled form waits
  const results = h('div', { class: 'results' });
  const count = h('p', { class: 'note', role: 'status' });
  const input = h('input', {
    type: 'search',
    'aria-label': 'Find a method',
    placeholder: 'Find a method',
    autocomplete: 'off',
    spellcheck: 'false',
    'data-focus': true,
    oninput: () => (list(), (results.scrollTop = 0)),
    onkeydown: (event) => {
      const links = [...results.querySelectorAll('a')];
      if (event.key === 'ArrowDown') (event.preventDefault(), links[0]?.focus());
      if (event.key === 'Enter' && input.value.trim())
        (event.preventDefault(), scheme ? links[0]?.click() : (eager = true));
    },
  });
  const pane = h('div', { class: 'pane', tabindex: '-1' });
  const side = h('div', { class: 'side' }, h('div', { class: 'find' }, input, count), results);
  fill(root, h('h1', { class: 'offscreen' }, 'Explorer'), side, pane);

  results.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const links = [...results.querySelectorAll('a')];
    const next = links.indexOf(document.activeElement) + (event.key === 'ArrowDown' ? 1 : -1);
    (links[next] ?? (next < 0 ? input : links.at(-1))).focus();
  });
  document.addEventListener('keydown', (event) => {
    if (
      event.key === '/' &&
      !root.hidden &&
      !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)
    )
      (event.preventDefault(), input.focus(), input.select());
  });

  const isInSight = (element) => {
    const [box, frame] = [element.getBoundingClientRect(), results.getBoundingClientRect()];
    return box.top >= frame.top && box.bottom <= frame.bottom;
  };
  // A long name breaks between its words, where it must.
  const breakable = (name) =>
    name.length < 32 ? name : name.split(/(?=[A-Z][a-z])/).flatMap((word) => [h('wbr'), word]);

  const link = (method, withText) =>
    h(
      'li',
      {},
      h(
        'a',
        { href: `#explorer/${method.name}`, 'aria-current': method.name === open ? 'true' : null },
        h('span', { class: 'mono' }, breakable(method.name)),
        withText && method.doc && h('span', { class: 'doc' }, plain(method.doc).split('\n')[0]),
      ),
    );

  const typeLink = (one) =>
    h(
      'li',
      {},
      h(
        'a',
        { href: `#explorer/type:${one.name}` },
        h('span', { class: 'mono' }, breakable(one.name)),
        h('span', { class: 'doc' }, `A constructor of ${one.type}`),
      ),
    );

  function list() {
    if (!scheme) return;
    const query = input.value.trim();
    const found = search(known, query);
    if (query) {
      const types = typesNamed(scheme, query);
      count.textContent =
        found.length || types.length
          ? `${found.length} of ${scheme.methods.size}`
          : 'Nothing found. Other words?';
      fill(
        results,
        h(
          'ul',
          {},
          found.slice(0, BEST).map((method) => link(method, true)),
          types.map(typeLink),
          found.slice(BEST, SHOWN).map((method) => link(method, true)),
        ),
      );
    } else {
      const groups = new Map();
      for (const method of found) {
        const space = method.name.includes('.') ? method.name.split('.')[0] : '';
        groups.set(space, [...(groups.get(space) ?? []), method]);
      }
      count.textContent = `${scheme.methods.size} methods of layer ${scheme.layer}`;
      fill(
        results,
        [...groups]
          .sort(([a], [b]) => !a - !b || a.localeCompare(b))
          .map(([space, methods]) =>
            h(
              'section',
              { 'aria-label': space || 'general' },
              h('h2', {}, space || 'general'),
              h(
                'ul',
                {},
                methods.sort((a, b) => a.name.localeCompare(b.name)).map((method) => link(method, false)),
              ),
            ),
          ),
      );
    }
  }

  function show(name, value) {
    open = name;
    root.classList.toggle('one', Boolean(name));
    for (const one of results.querySelectorAll('a[aria-current]')) one.removeAttribute('aria-current');
    const here = [...results.querySelectorAll('a')].find((one) => one.hash === `#explorer/${name}`);
    here?.setAttribute('aria-current', 'true');
    if (here && !isInSight(here)) here.scrollIntoView({ block: 'center' });
    if (!name)
      return fill(
        pane,
        h(
          'div',
          { class: 'empty' },
          h('p', {}, 'Choose a method: its form is made from the scheme.'),
          h(
            'p',
            { class: 'note' },
            h('kbd', {}, '/'),
            ' finds, ',
            h('kbd', {}, 'Ctrl'),
            ' ',
            h('kbd', {}, 'Enter'),
            ' runs.',
          ),
          h(
            'ul',
            { class: 'starters', 'aria-label': 'Good to begin with' },
            STARTERS.filter((one) => scheme.methods.has(one)).map((one) =>
              h('li', {}, h('a', { class: 'mono', href: `#explorer/${one}` }, one)),
            ),
          ),
        ),
      );
    const type = /^type:(.+)$/.exec(name);
    if (type) fill(pane, typePage(scheme, type[1]));
    else {
      const method = scheme.methods.get(name);
      if (!method)
        return fill(pane, h('p', { class: 'empty' }, `Layer ${scheme.layer} has no method ${name}.`));
      if (value) pages.delete(name);
      if (!pages.has(name)) pages.set(name, methodPage(scheme, method, { ...value, _cons: name }, openOther));
      fill(pane, pages.get(name));
    }
    pane.scrollTop = 0;
    pane.querySelector('h2')?.focus({ preventScroll: true });
  }

  // The JSON named another method.
  let handed = null;
  function openOther(name, value) {
    handed = value;
    location.hash = `#explorer/${name}`;
  }

  return {
    async enter(name) {
      if (!scheme) {
        fill(pane, h('p', { class: 'empty' }, 'Reading the scheme…'));
        try {
          scheme = await load(state.options?.layer);
        } catch (error) {
          return fill(pane, h('p', { class: 'problem', role: 'alert' }, inWords(error)));
        }
        known = index(scheme);
        list();
        if (eager && !name) return results.querySelector('a')?.click();
      }
      show(name, handed);
      handed = null;
    },
  };
}
