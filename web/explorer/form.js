// A form made from the scheme. It edits one JSON object in place: what is absent there is absent in
// the request. Each field knows its JSON pointer, so that the gateway's errors find their place.
import { fill, h, newId } from '../ui/dom.js';
import { hasDefault, plain, typeText } from './scheme.js';
import { basic, bytes, choose, number, string } from './values.js';
import { isPicked } from './people.js';
import { peerField } from './peer_field.js';
import { fileField } from './file_field.js';
import { dateBeside, isDate, isMessageId, messagesBeside } from './int_helpers.js';
import { inOrder, usual } from './usual.js';
import { documentParts } from '../chats/files.js';

const DEEP = 12;

// {element, fail(pointer, text), missing()}; `changed` is called after every change of `value`. With `complete`
// what can only be one thing is filled in; a value that somebody typed stays as it is. `rebuild` makes
// the form anew, where a value brings others along.
export function form(scheme, combinator, value, changed, complete = true, rebuild = () => {}) {
  const problems = new Map();
  const context = { scheme, changed, problems, complete, rebuild, request: value };
  const element = h('div.fields', fields(context, combinator, value, '/message', 0));
  context.complete = true;
  return {
    element,
    clear: () => problems.forEach(({ slot }) => (slot.hidden = true)),
    failed: () => [...problems.values()].some(({ slot }) => !slot.hidden),
    fail(pointer, text) {
      // The nearest field on the way to the pointer.
      let path = pointer;
      while (path && !problems.has(path)) path = path.slice(0, path.lastIndexOf('/'));
      const place = problems.get(path);
      if (!place) return false;
      say(place, text);
      place.element.scrollIntoView({ block: 'nearest' });
      place.element.querySelector('input, select, textarea, button')?.focus();
      return true;
    },
    // The gateway names one field at a time; all the others that are empty and must not be are told, too.
    missing: () =>
      problems.forEach(
        (place) =>
          place.slot.hidden &&
          place.element.isConnected &&
          place.isMissing?.() &&
          say(place, 'Required, too.'),
      ),
  };
}
const say = ({ slot }, text) => {
  slot.textContent = text;
  slot.hidden = false;
};

function fields(context, combinator, holder, path, depth) {
  if (!combinator.fields.length)
    return h('p.note', depth ? 'Nothing to fill in.' : 'This method takes nothing.');
  // What must be said comes before what may be.
  const needed = combinator.fields.filter((field) => !field.flag);
  const optional = combinator.fields.filter((field) => field.flag);
  return [...needed, ...optional].map((field) =>
    row(context, combinator, field, holder, `${path}/${field.name}`, depth),
  );
}

function row(context, combinator, field, holder, path, depth) {
  const id = newId('v');
  const slot = h('p.problem', { hidden: true });
  const body = h('div.value');
  const name = field.name;
  const set = (next) => {
    slot.hidden = true;
    if (next === undefined) delete holder[name];
    else holder[name] = next;
    context.changed();
  };
  const isNeeded = !hasDefault(combinator, field);
  const described = { ...field, optional: !isNeeded, holder, combinator };
  const draw = () => {
    fill(
      body,
      editor(context, described, () => holder[name], set, path, id, depth, draw),
    );
    // The label of an optional field is its box's.
    const input = field.flag && body.querySelector(`#${id}`);
    if (input && !input.hasAttribute('aria-label')) input.setAttribute('aria-label', `${name}: value`);
  };
  const flagOnly = field.type === 'true' && !field.vector;
  const type = h(
    'a.type',
    { href: `#explorer/type:${field.type.replace('!', '')}` },
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
      context.byHand?.delete(path);
    });
    head = h(
      'div.head',
      box,
      h('label', { for: id + 'on' }, name),
      basic(field) ? h('span.type', typeText(field)) : type,
    );
    if (!flagOnly && box.checked) draw();
  } else {
    if (holder[name] === undefined && context.complete) {
      const first = start(context.scheme, field);
      if (first !== undefined && isNeeded) holder[name] = first;
    }
    head = h(
      'div.head',
      h('label', { for: id }, name),
      basic(field) ? h('span.type', typeText(field)) : type,
      isNeeded && h('span.needed', 'required'),
    );
    draw();
  }
  const doc = plain(field.doc);
  const element = h(
    'div',
    { class: field.flag ? 'row-field optional' : 'row-field' },
    head,
    doc && h('p.doc', doc),
    body,
    slot,
  );
  const isMissing = () => isNeeded && holder[name] === undefined;
  context.problems.set(path, { element, slot, isMissing });
  return element;
}

// What a field begins with: nothing where a person must say it, else the only thing possible.
function start(scheme, field) {
  if (field.vector) return [];
  if (field.type === 'true') return true;
  if (basic(field) || field.type.startsWith('!')) return undefined;
  const name = usual(field, constructorsOf(scheme, field.type));
  return name && { _cons: name };
}

const constructorsOf = (scheme, type) =>
  (type.startsWith('%') ? scheme.byType.get(type.slice(1)) : scheme.byType.get(type)) ??
  (scheme.constructors.has(type) ? [scheme.constructors.get(type)] : []);

function editor(context, field, get, set, path, id, depth, redraw) {
  if (depth > DEEP) return h('p.note', 'Deeper than this only in the JSON.');
  if (field.vector) return vector(context, field, get, set, path, id, depth);
  switch (field.type) {
    case 'Bool':
      return choose(
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
      return numeric(context, field, get, set, id);
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

function numeric(context, field, get, set, id) {
  const input = number(field, get, set, id);
  if (isDate(field)) return h('div.beside', input, dateBeside(field, input));
  if (isMessageId(field, field.combinator))
    return h(
      'div.beside',
      input,
      messagesBeside(field, input, () => context.request),
    );
  return input;
}

function vector(context, field, get, set, path, id, depth) {
  const list = h('ol.items');
  const item = { ...field, vector: field.vector - 1, optional: false, holder: {}, inVector: true };
  const items = () => (Array.isArray(get()) ? get() : []);
  const add = h(
    'button',
    {
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
        const slot = h('p.problem', { hidden: true });
        const body = h('div.value');
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
          h('label.offscreen', { for: itemId }, `${field.name} ${at + 1}`),
          body,
          h(
            'button.small.quiet',
            {
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
  if (field.type === 'InputFile' && !context.byHand?.has(path))
    return upload(context, field, get, set, path, id, depth, redraw);
  const { scheme } = context;
  const isMethod = field.type.startsWith('!');
  const choices = isMethod
    ? [...scheme.methods.values()]
    : inOrder(field.type, constructorsOf(scheme, field.type));
  const names = choices.map(({ name }) => name);
  const nested = (name) => {
    const one = isMethod ? scheme.methods.get(name) : scheme.constructors.get(name);
    if (!one) return h('p.problem', `The scheme has no ${name}.`);
    return one.fields.length > 0 && h('div.nested', fields(context, one, get(), path, depth + 1));
  };
  const absent = (what) => (field.optional ? 'absent' : `choose ${what}…`);
  if (isPicked(field.type))
    return peerField({
      type: field.type,
      id,
      label: field.name,
      get,
      set,
      constructors: names,
      nested,
      absent: absent('whom'),
    });
  const chosen = get()?._cons ?? '';
  if (choices.length === 1 && chosen) return [h('p.note', { id }, names[0]), nested(chosen)];
  const below = h('div.below', chosen && nested(chosen));
  const take = (name) => {
    set(name === '' ? undefined : { _cons: name });
    fill(below, name && nested(name));
  };
  const first = ['', absent(isMethod ? 'a method' : `of ${choices.length}`)];
  return [choose(id, [first, ...names.map((name) => [name, name])], chosen, take), below];
}

// A file that is chosen goes up at once; its fields by hand are a click away.
function upload(context, field, get, set, path, id, depth, redraw) {
  const { holder, combinator } = field;
  const took = (uploaded, file) => {
    set(uploaded);
    // What the document wants to be told beside its bytes, where nobody has said it yet.
    for (const [name, value] of Object.entries(documentParts(file)))
      if (combinator?.fields.some((one) => one.name === name) && !holder[name]?.length) {
        holder[name] = value;
        context.changed();
        context.rebuild();
      }
  };
  const byHand = h(
    'button.small.quiet',
    {
      onclick: () => {
        (context.byHand ??= new Set()).add(path);
        redraw();
        document.getElementById(id)?.focus();
      },
    },
    'Fill in by hand',
  );
  return [fileField({ id, label: field.name, get, set: took }), byHand];
}
