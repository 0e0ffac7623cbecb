import { inWords } from './words.js';

// Elements in one expression: h('p.note', {properties}, children…), the properties only where there are
// any. Children that are strings become text, never markup. A button is one that sends no form.
export function h(what, ...children) {
  const [tag, ...classes] = what.split('.');
  const props = children[0]?.constructor === Object ? children.shift() : {};
  const element = document.createElement(tag);
  if (tag === 'button') element.type = 'button';
  if (classes.length) element.className = classes.join(' ');
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (['value', 'checked', 'disabled', 'hidden', 'open'].includes(name)) element[name] = value;
    else
      element.setAttribute(
        name === 'class' || name.includes('-') ? name : name.toLowerCase(),
        value === true ? '' : value,
      );
  }
  element.append(...flat(children));
  return element;
}

const flat = (children) =>
  children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== '');

export function fill(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

let ids = 0;
export const newId = (prefix = 'x') => `${prefix}${++ids}`;

// A labelled input with room for an error in words. {element, input, fail(text)}
export function field({ label, note, ...props }, tag = 'input') {
  const id = newId('f');
  const problem = h('p.problem', { id: id + 'p', hidden: true });
  const input = h(tag, {
    id,
    ...props,
    'aria-describedby': [note && id + 'n', id + 'p'].filter(Boolean).join(' '),
  });
  const element = h(
    'div.field',
    h('label', { for: id }, label),
    note && h('p.note', { id: id + 'n' }, note),
    input,
    problem,
  );
  const fail = (text) => {
    problem.textContent = text ?? '';
    problem.hidden = !text;
    if (text) {
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      input.select?.();
    } else input.removeAttribute('aria-invalid');
  };
  input.addEventListener('input', () => fail());
  return { element, input, fail };
}

// Where things go wrong: {element, say(error), guard(action)}. What a guarded action throws is said there.
export function problemLine() {
  const element = h('p.problem', { role: 'alert', hidden: true });
  const say = (error) => {
    element.textContent = inWords(error);
    element.hidden = !error;
    if (error) element.scrollIntoView({ block: 'nearest' });
  };
  const guard =
    (action) =>
    async (...given) => {
      say();
      try {
        await action(...given);
      } catch (error) {
        say(error);
      }
    };
  return { element, say, guard };
}

// What is known of a thing: names and values. What is absent is left out.
export const facts = (rows) =>
  h(
    'dl',
    Object.entries(rows)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) =>
        h('div', h('dt', name), h('dd', { class: name.includes('_') ? 'mono' : null }, String(value))),
      ),
  );

export function check(label, { note, ...props } = {}) {
  const id = newId('c');
  return h(
    'div.check',
    h('input', { type: 'checkbox', id, ...props }),
    h('label', { for: id }, label, note && h('span.note', note)),
  );
}

let toastTimer;
export function toast(text) {
  const element = document.getElementById('toast');
  element.textContent = text;
  element.classList.add('shown');
  clearTimeout(toastTimer);
  toastTimer = setTimeout(
    () => {
      element.classList.remove('shown');
      element.textContent = '';
    },
    2000 + 60 * text.length, // as long as it takes to read
  );
}

export async function copy(text, what = 'Copied') {
  try {
    await navigator.clipboard.writeText(text);
    toast(what);
  } catch {
    // Without https the clipboard is closed to scripts; a selection still works.
    const area = h('textarea.offscreen', { 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    toast(document.execCommand('copy') ? what : 'The browser does not let this page copy');
    area.remove();
  }
}

export function download(name, text, type = 'application/json') {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// "Are you sure", as a promise of true or false. Escape and the focused button mean no.
export function confirm({ title, text, yes, detail }) {
  return new Promise((resolve) => {
    const id = newId('d');
    const dialog = h(
      'dialog.confirm',
      {
        'aria-labelledby': id,
        'aria-describedby': id + 't',
        onclose: () => (dialog.remove(), resolve(dialog.returnValue === 'yes')),
      },
      h('h2', { id }, title),
      h('p', { id: id + 't' }, text),
      detail && h('pre', { tabindex: '0' }, detail),
      h(
        'div.row.end',
        h('button', { autofocus: true, onclick: () => dialog.close('no') }, 'Cancel'),
        h('button.danger', { onclick: () => dialog.close('yes') }, yes),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
