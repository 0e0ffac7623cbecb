// A recipe's page: what it needs, Run, each step with its answer, and the whole of it to copy.
import { download, fill, h, newId, problemLine } from '../ui/dom.js';
import { tree } from '../ui/tree.js';
import { fromBase64, stringify } from '../client.js';
import { state, subscribe, tg } from '../gateway.js';
import { uploadFile } from '../chats/files.js';
import { peerField } from '../explorer/peer_field.js';
import { copyAs, here } from '../explorer/snippets.js';
import { program } from './code.js';
import { filled, run, startingValues } from './run.js';

const TYPES = { peer: 'InputPeer', user: 'InputUser' };
const isSandbox = () => state.server?.telegram === 'sandbox';

export function recipePage(recipe, openMethod) {
  const values = startingValues(recipe, isSandbox());
  const starting = { ...values };
  let stop = null;

  const inputs = h('div.fields');
  const stepList = h('ol.steps');
  const { element: problem, say } = problemLine();
  const copying = copyAs('recipe', (language, locked) =>
    program(language, filled(recipe, values), here(), locked),
  );

  const changed = () => {
    copying.show();
    if (!stop) drawSteps();
  };
  const set = (name) => (value) => {
    values[name] = value ?? '';
    changed();
  };

  function inputRow([name, input]) {
    const id = newId('r');
    const body = h('div.value', editor(name, input, id));
    return h('div.row-field', h('label', { for: id }, input.label), body);
  }
  function editor(name, input, id) {
    if (TYPES[input.kind])
      return peerField({
        type: TYPES[input.kind],
        id,
        label: input.label,
        get: () => values[name],
        set: set(name),
        absent: 'choose whom…',
      });
    if (input.kind === 'file') {
      const file = h('input', { type: 'file', id, accept: input.accept });
      file.addEventListener('change', () => set(name)(file.files[0] ?? input.value));
      return file;
    }
    const box = h(input.kind === 'long' ? 'textarea' : 'input', { id, rows: 2, autocomplete: 'off' });
    box.value = values[name];
    box.addEventListener('input', () => set(name)(box.value));
    return box;
  }

  // ---- steps, as they are and as they become

  const what = (step) =>
    step.upload ? 'Upload the file, in parts' : step.save ? 'Save what came' : step.call._cons;
  const shown = []; // per step {element, body}
  function drawSteps() {
    shown.length = 0;
    fill(
      stepList,
      filled(recipe, values).map((step) => {
        const body = h('div.step-body');
        const mark = h('span.step-state', { role: 'status' });
        const request = step.call && h('pre.snippet', { tabindex: '0' }, written(step.call));
        shown.push({ body, mark });
        return h(
          'li',
          h('div.row', h('h3', { class: step.call ? 'mono' : null }, what(step)), mark),
          request,
          body,
        );
      }),
    );
  }
  // A reference reads as what it is.
  const written = (call) => stringify(call, 2).replace(/\{\s*"\$": "([^"]+)"\s*\}/g, '‹$1›');

  function showStep(number, { call, answer, done, share }) {
    const { body, mark } = shown[number];
    if (!done) {
      mark.textContent = share === undefined ? 'running…' : `${Math.round(share * 100)} %`;
      if (call) shown[number].call = call;
      return;
    }
    mark.textContent = 'done';
    mark.classList.add('good');
    const asked = shown[number].call;
    fill(
      body,
      answer !== undefined && h('div.tree', tree(answer, { open: 1 })),
      asked &&
        h(
          'button.small.quiet',
          { onclick: () => openMethod(asked._cons, asked) },
          'Open this call in its form',
        ),
    );
  }

  const does = (signal) => ({
    call: ({ _cons, ...params }) => tg.call(_cons, params, { signal, timeout: 60 }),
    upload: async (file) => {
      if (typeof file === 'string') throw new Error('Choose a file first.');
      const number = recipe.steps.findIndex((step) => step.upload);
      return uploadFile(file, (share) => showStep(number, { share }), signal);
    },
    save: (name, base64) => {
      download(name, fromBase64(base64), 'application/octet-stream');
    },
  });

  async function start() {
    if (stop) return stop.abort(new DOMException('stopped', 'AbortError'));
    say();
    drawSteps();
    stop = new AbortController();
    runButton.textContent = 'Stop';
    try {
      if (!state.user) throw new Error('Sign in first: a recipe speaks for somebody.');
      await run(filled(recipe, values), does(stop.signal), showStep);
    } catch (error) {
      const at = shown.findIndex(({ mark }) => !mark.classList.contains('good'));
      if (at >= 0) shown[at].mark.textContent = 'not done';
      say(error);
    }
    stop = null;
    runButton.textContent = 'Run';
  }
  const runButton = h('button.primary.run', { onclick: start, title: 'Ctrl+Enter' }, 'Run');

  const names = Object.entries(recipe.inputs);
  const drawInputs = () => fill(inputs, names.map(inputRow));
  drawInputs();
  changed();
  // Which Telegram this is may be known only now: what nobody has touched follows.
  subscribe((_, change) => {
    if (!('server' in change)) return;
    const fresh = startingValues(recipe, isSandbox());
    for (const name of Object.keys(fresh)) if (values[name] === starting[name]) values[name] = fresh[name];
    Object.assign(starting, fresh);
    drawInputs();
    changed();
  });

  return h(
    'article.method.recipe.in-words',
    {
      onkeydown: (event) =>
        event.key === 'Enter' && (event.ctrlKey || event.metaKey) && (event.preventDefault(), start()),
    },
    h('a.back', { href: '#explorer' }, '← All methods'),
    h('h2', { tabindex: '-1' }, recipe.title),
    h('p.lead', recipe.about),
    names.length > 0 && inputs,
    h('div.row', runButton),
    problem,
    stepList,
    copying.element,
  );
}
