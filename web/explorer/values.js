// The leaves of a form: numbers, text, bytes. Each reads get() and calls set(value), undefined for
// absent; what is not of the type yet is marked and not set.
import { h } from '../ui/dom.js';
import { toBase64 } from '../client.js';

const NUMBERS = {
  int: [/^-?\d{1,10}$/, 'a whole number'],
  long: [/^-?\d{1,20}$/, 'a whole number of up to 64 bits'],
  double: [/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$|^(NaN|-?Infinity)$/i, 'a number'],
};
const BASE64 = /^[\w+/-]*={0,2}$/;

export const basic = (field) =>
  ['int', 'long', 'double', 'string', 'bytes', 'int128', 'int256', 'true', 'Bool'].includes(field.type);

// [value, label], or [label, [[value, label], …]] for a group of them.
export const optionsOf = (options) =>
  options.map(([key, label]) =>
    Array.isArray(label)
      ? h('optgroup', { label: key }, optionsOf(label))
      : h('option', { value: key }, label),
  );
export const choose = (id, options, value, change) => {
  const element = h('select', { id, onchange: () => change(element.value) }, optionsOf(options));
  element.value = value;
  return element;
};

export function number(field, get, set, id) {
  const [shape, what] = NUMBERS[field.type];
  const input = h('input', {
    id,
    inputmode: field.type === 'double' ? 'decimal' : 'numeric',
    autocomplete: 'off',
    class: 'number',
    placeholder: field.optional ? 'default' : '',
  });
  input.value = get() ?? '';
  input.addEventListener('input', () => {
    const text = input.value.trim();
    const good = text === '' || shape.test(text);
    input.setCustomValidity(good ? '' : `This must be ${what}.`);
    input.toggleAttribute('aria-invalid', !good);
    if (good)
      set(
        text === ''
          ? undefined
          : field.type === 'long' || /^-?(NaN|Infinity)$/i.test(text)
            ? text
            : Number(text),
      );
    else input.reportValidity();
  });
  return input;
}

export function string(field, get, set, id) {
  const long = /^(message|text|about|description|caption|html|data|rules)$/.test(field.name);
  const input = h(long ? 'textarea' : 'input', {
    id,
    autocomplete: 'off',
    spellcheck: 'false',
    rows: long ? 2 : null,
  });
  const shown = get();
  input.value = typeof shown === 'object' ? JSON.stringify(shown) : (shown ?? '');
  const hint = () => (input.placeholder = get() === '' ? 'empty text' : '');
  input.addEventListener('input', () => (set(input.value), hint()));
  hint();
  return input;
}

export function bytes(field, get, set, id) {
  const input = h('input', {
    id,
    autocomplete: 'off',
    spellcheck: 'false',
    class: 'mono',
    placeholder: 'base64',
  });
  input.value = get() ?? '';
  input.addEventListener('input', () => {
    const good = BASE64.test(input.value.trim());
    input.setCustomValidity(good ? '' : 'This must be base64.');
    input.toggleAttribute('aria-invalid', !good);
    if (good) set(input.value.trim());
  });
  const file = h('input', { type: 'file', 'aria-label': `${field.name} from a file` });
  file.addEventListener('change', async () => {
    if (!file.files[0]) return;
    input.value = toBase64(new Uint8Array(await file.files[0].arrayBuffer()));
    set(input.value);
  });
  return [input, field.type === 'bytes' && file];
}
