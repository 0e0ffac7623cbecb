// The explorer: all methods of the loaded layer on one side, the chosen one on the other.
import { fill, h } from '../ui/dom.js';
import { inWords } from '../ui/words.js';
import { state } from '../gateway.js';
import { load, plain } from './scheme.js';
import { index, search, typesNamed } from './search.js';
import { methodPage, typePage } from './method.js';
import { runsPage } from './runs_page.js';
import { recipes } from '../recipes/list.js';
import { recipePage } from '../recipes/page.js';
import { recipesFor } from '../recipes/find.js';

const SHOWN = 120; // of what a search finds
const BEST = 3; // of these, before types of that name
export function make(root) {
  let scheme = null;
  let known = null; // the index of the search
  let open = '';
  let eager = false; // Enter was pressed before the scheme was there
  const narrow = matchMedia('(max-width: 759px)');
  narrow.addEventListener('change', () => list());
  const pages = new Map(); // by name: a half filled form waits
  const results = h('div.results');
  const count = h('p.note', { role: 'status' });
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
  const pane = h('div.pane', { tabindex: '-1' });
  const side = h('div.side', h('div.find', input, count), results);
  fill(root, h('h1.offscreen', 'Explorer'), side, pane);

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
      h(
        'a',
        { href: `#explorer/${method.name}`, 'aria-current': method.name === open ? 'true' : null },
        h('span.mono', breakable(method.name)),
        withText && method.doc && h('span.doc', plain(method.doc).split('\n')[0]),
      ),
    );

  const recipeLink = (one, withText) =>
    h(
      'li',
      h(
        'a.recipe-link',
        {
          href: `#explorer/recipe:${one.id}`,
          'aria-current': open === `recipe:${one.id}` ? 'true' : null,
        },
        h('span.name', one.title),
        withText && h('span.doc', 'A recipe'),
      ),
    );

  const typeLink = (one) =>
    h(
      'li',
      h(
        'a',
        { href: `#explorer/type:${one.name}` },
        h('span.mono', breakable(one.name)),
        h('span.doc', `A constructor of ${one.type}`),
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
          recipesFor(query).map((one) => recipeLink(one, true)),
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
        // Where there is no room for the welcome beside the list.
        narrow.matches &&
          h(
            'section',
            { 'aria-label': 'Recipes' },
            h('h2', 'Recipes'),
            h(
              'ul',
              recipes.map((one) => recipeLink(one, false)),
            ),
            h('a', { href: '#explorer/runs' }, 'The last runs'),
          ),
        [...groups]
          .sort(([a], [b]) => !a - !b || a.localeCompare(b))
          .map(([space, methods]) =>
            h(
              'section',
              { 'aria-label': space || 'general' },
              h('h2', space || 'general'),
              h(
                'ul',
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
    if (!name) return fill(pane, welcome());
    const type = /^type:(.+)$/.exec(name);
    const recipe = recipes.find(({ id }) => name === `recipe:${id}`);
    if (type) fill(pane, typePage(scheme, type[1]));
    else if (recipe) {
      if (!pages.has(name)) pages.set(name, recipePage(recipe, openOther));
      fill(pane, pages.get(name));
    } else if (name === 'runs') {
      if (!pages.has(name))
        pages.set(
          name,
          runsPage((run) => openOther(run.method, run.request, run)),
        );
      fill(pane, pages.get(name));
    } else {
      const method = scheme.methods.get(name);
      if (!method) return fill(pane, h('p.empty', `Layer ${scheme.layer} has no method ${name}.`));
      if (value) pages.delete(name);
      if (!pages.has(name))
        pages.set(name, methodPage(scheme, method, { ...value, _cons: name }, openOther, handedRun));
      fill(pane, pages.get(name));
    }
    pane.scrollTop = 0;
    pane.querySelector('h2')?.focus({ preventScroll: true });
  }

  const welcome = () =>
    h(
      'div.welcome',
      h('h2', { tabindex: '-1' }, 'What do you want to do?'),
      h(
        'ul.cards',
        { 'aria-label': 'Recipes' },
        recipes.map((one) =>
          h('li', h('a', { href: `#explorer/recipe:${one.id}` }, h('span.name', one.title))),
        ),
      ),
      h(
        'p.note',
        'Or say it in the box, or choose a method: its form is made from the scheme. ',
        h('kbd', '/'),
        ' finds, ',
        h('kbd', 'Ctrl'),
        ' ',
        h('kbd', 'Enter'),
        ' runs. ',
        h('a', { href: '#explorer/runs' }, 'The last runs'),
        ' can be looked at again and compared.',
      ),
    );

  // The JSON named another method, or a run is opened again.
  let handed = null;
  let handedRun = null;
  function openOther(name, value, run = null) {
    handed = value;
    handedRun = run;
    if (location.hash === `#explorer/${name}`) show(name, structuredClone(value));
    else location.hash = `#explorer/${name}`;
  }

  return {
    async enter(name) {
      if (!scheme) {
        fill(pane, h('p.empty', 'Reading the scheme…'));
        try {
          scheme = await load(state.options?.layer);
        } catch (error) {
          return fill(pane, h('p.problem', { role: 'alert' }, inWords(error)));
        }
        known = index(scheme);
        list();
        if (eager && !name) return results.querySelector('a')?.click();
      }
      show(name, handed && structuredClone(handed));
      handed = handedRun = null;
    },
  };
}
