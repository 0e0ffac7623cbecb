// A form made from the scheme. It edits one JSON object in place: what is absent there is absent in
// the request. Each field knows its JSON pointer, so that the gateway's errors find their place.
import { fill, h, newId } from '../ui/dom.js';
import { hasDefault, plain, typeText } from './scheme.js';
import { basic, bytes, number, select, string } from './values.js';

const BY_NAME = { InputPeer: ['me', '@name'], InputUser: ['me', '@name'], InputChannel: ['@name'] };
const DEEP = 12;

// {element, fail(pointer, text)}; `changed` is called after every change of `value`. With `complete`
// what can only be one thing is filled in; a value that somebody typed stays as it is.
export function form(scheme, combinator, value, changed, complete = true) {
  const problems = new Map();
  const context = { scheme, changed, problems, complete };
  const element = h('div', { class: 'fields' }, fields(context, combinator, value, '/message', 0));
  context.complete = true;
  return {
    element,
    clear: () => problems.forEach(({ slot }) => (slot.hidden = true)),
    fail(pointer, text) {
      // The nearest field on the way to the pointer.
      let path = pointer;
      while (path && !problems.has(path)) path = path.slice(0, path.lastIndexOf('/'));
      const place = problems.get(path);
      if (!place) return false;
      place.slot.textContent = text;
      place.slot.hidden = false;
      place.element.scrollIntoView({ block: 'nearest' });
      place.element.querySelector('input, select, textarea, button')?.focus();
      return true;
    },
  };
}

function fields(context, combinator, holder, path, depth) {
  if (!combinator.fields.length)
    return h('p', { class: 'note' }, depth ? 'Nothing to fill in.' : 'This method takes nothing.');
  // What must be said comes before what may be.
  const needed = combinator.fields.filter((field) => !field.flag);
  const optional = combinator.fields.filter((field) => field.flag);
  return [...needed, ...optional].map((field) =>
    row(context, combinator, field, holder, `${path}/${field.name}`, depth),
  );
}

function row(context, combinator, field, holder, path, depth) {
  const id = newId('v');
  const slot = h('p', { class: 'problem', hidden: true });
  const body = h('div', { class: 'value' });
  const name = field.name;
  const set = (next) => {
    slot.hidden = true;
    if (next === undefined) delete holder[name];
    else holder[name] = next;
    context.changed();
  };
  const draw = () =>
    fill(
      body,
      editor(
        context,
        { ...field, optional: hasDefault(combinator, field) },
        () => holder[name],
        set,
        path,
        id,
        depth,
        draw,
      ),
    );
  const flagOnly = field.type === 'true' && !field.vector;
  const type = h(
    'a',
    { class: 'type', href: `#explorer/type:${field.type.replace('!', '')}` },
    flagOnly ? 'true' : typeText(field),
  );
  let head;
  if (field.flag) {
    const box = h('input', {
      type: 'checkbox',
      id: id + 'on',
      checked: holder[name] !== undefined && holder[name] !== false,
    });
    box.addEventListener('change', () => {
      set(box.checked ? (flagOnly ? true : start(context.scheme, field)) : undefined);
      if (!flagOnly) box.checked ? draw() : fill(body);
    });
    head = h(
      'div',
      { class: 'head' },
      box,
      h('label', { for: id + 'on' }, name),
      basic(field) ? h('span', { class: 'type' }, typeText(field)) : type,
    );
    if (!flagOnly && box.checked) draw();
  } else {
    if (holder[name] === undefined && context.complete) {
      const first = start(context.scheme, field);
      if (first !== undefined && !hasDefault(combinator, field)) holder[name] = first;
    }
    head = h(
      'div',
      { class: 'head' },
      h('label', { for: id }, name),
      basic(field) ? h('span', { class: 'type' }, typeText(field)) : type,
    );
    draw();
  }
  const doc = plain(field.doc);
  const element = h(
    'div',
    { class: field.flag ? 'row-field optional' : 'row-field' },
    head,
    doc && h('p', { class: 'doc' }, doc),
    body,
    slot,
  );
  context.problems.set(path, { element, slot });
  return element;
}

// What a field begins with: nothing where a person must say it, else the only thing possible.
function start(scheme, field) {
  if (field.vector) return [];
  if (field.type === 'true') return true;
  if (basic(field) || field.type.startsWith('!')) return undefined;
  const bare = constructorsOf(scheme, field.type);
  return bare.length === 1 ? { _cons: bare[0].name } : undefined;
}

const constructorsOf = (scheme, type) =>
  (type.startsWith('%') ? scheme.byType.get(type.slice(1)) : scheme.byType.get(type)) ??
  (scheme.constructors.has(type) ? [scheme.constructors.get(type)] : []);

function editor(context, field, get, set, path, id, depth, redraw) {
  if (depth > DEEP) return h('p', { class: 'note' }, 'Deeper than this only in the JSON.');
  if (field.vector) return vector(context, field, get, set, path, id, depth);
  switch (field.type) {
    case 'Bool':
      return select(
        id,
        [
          ['', field.optional ? 'absent' : 'choose…'],
          ['true', 'true'],
          ['false', 'false'],
        ],
        get() === undefined ? '' : String(get()),
        (text) => set(text === '' ? undefined : text === 'true'),
      );
    case 'int':
    case 'long':
    case 'double':
      return number(field, get, set, id);
    case 'string':
      return string(field, get, set, id);
    case 'bytes':
    case 'int128':
    case 'int256':
      return bytes(field, get, set, id);
    case 'true':
      return null;
  }
  return object(context, field, get, set, path, id, depth, redraw);
}

function vector(context, field, get, set, path, id, depth) {
  const list = h('ol', { class: 'items' });
  const item = { ...field, vector: field.vector - 1, optional: false };
  const items = () => (Array.isArray(get()) ? get() : []);
  const add = h(
    'button',
    {
      type: 'button',
      id,
      class: 'small',
      'aria-label': `Add to ${field.name}`,
      onclick: () => {
        set([...items(), start(context.scheme, item) ?? (item.type === 'string' ? '' : null)]);
        draw();
        list.lastElementChild?.querySelector('input, select, textarea, button')?.focus();
      },
    },
    'Add',
  );
  const draw = () =>
    fill(
      list,
      items().map((_, at) => {
        const slot = h('p', { class: 'problem', hidden: true });
        const body = h('div', { class: 'value' });
        const put = (next) => {
          get()[at] = next === undefined ? null : next;
          context.changed();
        };
        const itemId = newId('i');
        const redraw = () =>
          fill(
            body,
            editor(
              context,
              item,
              () => get()[at] ?? undefined,
              put,
              `${path}/${at}`,
              itemId,
              depth + 1,
              redraw,
            ),
          );
        redraw();
        const element = h(
          'li',
          {},
          h('label', { for: itemId, class: 'offscreen' }, `${field.name} ${at + 1}`),
          body,
          h(
            'button',
            {
              type: 'button',
              class: 'small quiet',
              'aria-label': `Remove ${field.name} ${at + 1}`,
              onclick: () => (set(items().filter((__, other) => other !== at)), draw(), add.focus()),
            },
            'Remove',
          ),
          slot,
        );
        context.problems.set(`${path}/${at}`, { element, slot });
        return element;
      }),
    );
  draw();
  return [list, add];
}

function object(context, field, get, set, path, id, depth, redraw) {
  const { scheme } = context;
  const isMethod = field.type.startsWith('!');
  const short = BY_NAME[field.type] ?? [];
  const choices = isMethod ? [...scheme.methods.values()] : constructorsOf(scheme, field.type);
  const now = get();
  const chosen = typeof now === 'string' ? (now === 'me' ? 'me' : '@name') : (now?._cons ?? '');
  const parts = [];
  if (choices.length === 1 && !short.length && chosen)
    parts.push(h('p', { class: 'note', id }, choices[0].name));
  else {
    const options = [
      [
        '',
        field.optional
          ? 'absent'
          : `choose ${isMethod ? 'a method' : `of ${choices.length + short.length}`}…`,
      ],
      ...short.map((name) => [name, name === 'me' ? '"me"' : '"@name"']),
      ...choices.map((one) => [one.name, one.name]),
    ];
    parts.push(
      select(id, options, chosen, (picked) => {
        set(
          picked === '' ? undefined : picked === 'me' ? 'me' : picked === '@name' ? '@' : { _cons: picked },
        );
        redraw();
        document.getElementById(id)?.focus();
      }),
    );
  }
  if (chosen === '@name') {
    const input = h('input', {
      'aria-label': `${field.name}: a name`,
      autocomplete: 'off',
      spellcheck: 'false',
    });
    input.value = now;
    input.addEventListener('input', () => set(input.value.startsWith('@') ? input.value : '@' + input.value));
    parts.push(input);
  } else if (chosen && chosen !== 'me') {
    const one = isMethod ? scheme.methods.get(chosen) : scheme.constructors.get(chosen);
    if (one?.fields.length)
      parts.push(h('div', { class: 'nested' }, fields(context, one, now, path, depth + 1)));
    else if (!one) parts.push(h('p', { class: 'problem' }, `The scheme has no ${chosen}.`));
  }
  return parts;
}
