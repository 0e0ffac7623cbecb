// One method: what it does, its form, the JSON that the form makes (and that makes the form), Run,
// the answer, possible errors, and the request to copy.
import { confirm, copy, fill, h } from '../ui/dom.js';
import { inWords } from '../ui/words.js';
import { parse, stringify } from '../client.js';
import { state, telegramName, tg } from '../gateway.js';
import { answerView } from './answer.js';
import { fieldOf, linesOf } from './blame.js';
import { form } from './form.js';
import { add as remember } from './runs.js';
import { graveIn, isGrave, plain, typeText } from './scheme.js';
import { copyAs, snippet } from './snippets.js';

const FOR = { user: 'For people, not for bots.', bot: 'For bots only.', both: 'For people and bots.' };

export function methodPage(scheme, method, value, openOther, run = null) {
  let built = null;
  let stop = null;
  const formBox = h('div');
  const json = h('textarea.json.mono', {
    'aria-label': 'The request as JSON',
    spellcheck: 'false',
    rows: 8,
  });
  const jsonProblem = h('p.problem', { hidden: true });
  const copying = copyAs('request', (language, locked) => snippet(language, value, locked));
  const result = h('div.result', { 'aria-live': 'polite' });

  const grow = () => (json.rows = Math.min(24, Math.max(4, json.value.split('\n').length)));
  const showJson = () => {
    json.value = stringify(value, 2);
    grow();
    unmark();
    copying.show();
  };
  const unmark = () => {
    json.removeAttribute('aria-invalid');
    json.classList.remove('marked');
    jsonProblem.hidden = true;
  };
  // The lines that an error is about.
  const markJson = (pointer) => {
    const lines = json.value === stringify(value, 2) ? linesOf(value, pointer) : null;
    if (!lines) return;
    json.classList.add('marked');
    json.style.setProperty('--from', lines[0]);
    json.style.setProperty('--lines', lines[1] - lines[0]);
  };
  const build = (complete) => {
    built = form(scheme, method, value, showJson, complete, () => build(false));
    fill(formBox, built.element);
  };

  // Typing JSON makes the form anew; a text that is not JSON yet is left alone.
  json.addEventListener('input', () => {
    grow();
    let next;
    try {
      next = parse(json.value);
      if (!next || typeof next !== 'object' || Array.isArray(next)) throw new Error('a request is an object');
    } catch (error) {
      json.setAttribute('aria-invalid', 'true');
      jsonProblem.textContent = `Not JSON yet: ${error.message}`;
      jsonProblem.hidden = false;
      return;
    }
    next = next.message ?? next;
    const name = next._cons ?? next._ ?? next['@type'] ?? method.name;
    if (name !== method.name && scheme.methods.has(name)) {
      showJson(); // what was here stays for who comes back
      return openOther(name, { ...next, _cons: name });
    }
    for (const key of Object.keys(value)) delete value[key];
    Object.assign(value, { ...next, _cons: method.name });
    unmark();
    build(false);
    copying.show();
  });

  async function isMeant() {
    const [grave] = graveIn(scheme, value);
    if (!grave || state.server?.telegram === 'sandbox') return true;
    return confirm({
      title: `Run ${grave}?`,
      text: `This is ${telegramName(state.server)}${state.user ? `, as ${state.user.first_name ?? 'you'}` : ''}. It may not be possible to take this back.`,
      yes: 'Run it',
      detail: stringify(value, 2),
    });
  }

  async function runNow() {
    if (stop) return stop.abort(new DOMException('stopped', 'AbortError'));
    if (!(await isMeant())) return;
    built.clear();
    unmark();
    stop = new AbortController();
    runButton.textContent = 'Stop';
    fill(result, h('p.note', 'Waiting for the answer…'));
    const started = performance.now();
    const took = () => Math.round(performance.now() - started);
    try {
      const answer = await tg.call(method.name, value, { signal: stop.signal });
      remember({ method: method.name, request: value, answer, took: took() });
      fill(result, answerView(answer, { took: took(), name: method.name }));
    } catch (error) {
      remember({ method: method.name, request: value, error: error.message ?? error.name, took: took() });
      showFailure(error);
    }
    // On a phone it would be out of sight; what is said at a field stays there.
    if (!built.failed())
      result.scrollIntoView({ block: matchMedia('(max-width: 759px)').matches ? 'start' : 'nearest' });
    stop = null;
    runButton.textContent = 'Run';
  }

  function showFailure(error) {
    const known = scheme.errors[error.name] ?? scheme.errors[error.message?.split(' ')[0]];
    const words = known ? plain(known) : inWords(error);
    const field = error.code && fieldOf(method, error.name);
    const pointer = error.path ?? (field && `/message/${field}`);
    if (pointer) {
      built.fail(pointer, error.path ? error.message : words);
      if (error.path) built.missing();
      markJson(pointer);
    }
    fill(
      result,
      h(
        'div.failure',
        h('h3', error.code ? `${error.code} ${error.message.split(' ')[0]}` : error.name),
        h('p', words),
        error.path && h('p.note.mono', error.path),
      ),
    );
  }
  const runButton = h('button.primary.run', { onclick: runNow, title: 'Ctrl+Enter' }, 'Run');

  const errors = (method.errors ?? []).map(([number, name]) =>
    h('div', h('dt', h('span.note', number), ` ${name}`), h('dd', plain(scheme.errors[name] ?? ''))),
  );
  const element = h(
    'article.method',
    {
      onkeydown: (event) =>
        event.key === 'Enter' && (event.ctrlKey || event.metaKey) && (event.preventDefault(), runNow()),
    },
    h('a.back', { href: '#explorer' }, '← All methods'),
    h('h2.mono', { tabindex: '-1' }, method.name),
    h('p.lead', plain(method.doc) || 'There is no description.'),
    h(
      'p.note',
      'Answers ',
      h('a.type', { href: `#explorer/type:${method.type}` }, typeText(method)),
      '. ',
      FOR[method.for] ?? '',
      isGrave(method.name) ? ' Not to be taken back.' : '',
    ),
    h(
      'div.columns',
      h('section', { 'aria-label': 'Form' }, formBox),
      h(
        'section.side-json',
        { 'aria-label': 'Request' },
        h(
          'div.row',
          h('h3', 'Request'),
          h('span.space'),
          h('button.small', { onclick: () => copy(stringify({ message: value })) }, 'Copy line'),
          runButton,
        ),
        json,
        jsonProblem,
        result,
      ),
    ),
    copying.element,
    errors.length > 0 &&
      h('details.more', h('summary', `Possible errors (${errors.length})`), h('dl.errors', errors)),
  );
  build(Object.keys(value).length === 1);
  showJson();
  if (run?.answer !== undefined) fill(result, answerView(run.answer, { took: run.took, name: method.name }));
  return element;
}

export function typePage(scheme, name) {
  const one = scheme.constructors.get(name);
  const type = one && !scheme.byType.has(name) ? one.type : name;
  const list = scheme.byType.get(type) ?? [];
  const answering = [...scheme.methods.values()].filter((method) => method.type === type);
  return h(
    'article.method',
    h('a.back', { href: '#explorer' }, '← All methods'),
    h('h2.mono', { tabindex: '-1' }, type),
    h(
      'p.lead',
      plain(scheme.types[type] ?? '') || (type === 'X' ? 'Any method.' : `A type of layer ${scheme.layer}.`),
    ),
    h('h3', list.length === 1 ? 'One constructor' : `${list.length} constructors`),
    list.map((item) =>
      h(
        'section.cons-card',
        h('h4.mono', item.name, h('span.note', ` ${item.id}`)),
        item.doc && h('p', plain(item.doc)),
        item.fields.length > 0 &&
          h(
            'dl',
            item.fields.map((field) =>
              h(
                'div',
                h('dt.mono', field.name, h('span.type', `${typeText(field)}${field.flag ? '?' : ''}`)),
                h('dd', plain(field.doc)),
              ),
            ),
          ),
      ),
    ),
    answering.length > 0 && [
      h('h3', 'Answered by'),
      h(
        'ul.plain',
        answering.map((method) => h('li', h('a.mono', { href: `#explorer/${method.name}` }, method.name))),
      ),
    ],
  );
}
