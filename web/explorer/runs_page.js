// The list of the last runs: each opens its form again, filled; two can be compared.
import { check, fill, h } from '../ui/dom.js';
import { table } from '../ui/table.js';
import { differences } from './compare.js';
import * as store from './runs.js';

const clock = (at) => new Date(at).toLocaleString([], { dateStyle: 'short', timeStyle: 'medium' });
const outcome = (run) => (run.error ? h('span.problem', run.error) : h('span.note', run.answer?._cons ?? ''));

export function runsPage(open) {
  const chosen = new Set();
  const list = h('ul.runs');
  const compared = h('div.compared', { 'aria-live': 'polite' });
  const compare = h('button.small', { onclick: show }, 'Compare two');
  const tell = () => (compare.disabled = chosen.size !== 2);

  function show() {
    const [one, other] = store.runs.filter((run) => chosen.has(run.number)).reverse();
    const rows = differences(one.answer ?? one.error, other.answer ?? other.error);
    const text = (value) => (value === undefined ? '' : JSON.stringify(value));
    const places = rows.map(({ path, before, after }) => ({
      where: path,
      [`#${one.number}`]: text(before),
      [`#${other.number}`]: text(after),
    }));
    fill(
      compared,
      h('h3', rows.length ? `${rows.length} differences` : 'The two answers are the same.'),
      rows.length > 0 && table(places, 'Differences'),
    );
  }

  function draw() {
    chosen.clear();
    fill(
      list,
      store.runs.map((run) =>
        h(
          'li',
          h('input', {
            type: 'checkbox',
            'aria-label': `Choose run ${run.number} to compare`,
            disabled: run.answer === undefined && !run.error,
            onchange: (event) => (chosen[event.target.checked ? 'add' : 'delete'](run.number), tell()),
          }),
          h(
            'button.run-row',
            { onclick: () => open(run) },
            h('span.mono', `#${run.number} ${run.method}`),
            outcome(run),
            h('span.note', `${clock(run.at)}, ${run.took} ms`),
          ),
        ),
      ),
    );
    fill(compared);
    empty.hidden = store.runs.length > 0;
    tools.hidden = !store.runs.length;
    tell();
  }

  const empty = h('p.note', 'Nothing was run yet.');
  const tools = h('div.row', compare, h('button.small', { onclick: store.clear }, 'Forget them'));
  store.subscribe(draw);
  draw();
  return h(
    'article.method.in-words',
    h('a.back', { href: '#explorer' }, '← All methods'),
    h('h2', { tabindex: '-1' }, 'Last runs'),
    check('Keep them in this browser', {
      checked: store.isKept(),
      note: 'Without keys, codes and passwords. Otherwise they are forgotten on reload.',
      onchange: (event) => store.keepRuns(event.target.checked),
    }),
    tools,
    empty,
    list,
    compared,
  );
}
