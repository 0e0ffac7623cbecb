// The loaded layer, from /scheme.json: methods, constructors by type, and descriptions as text.
import { tokenStore } from '../store.js';

let loading = null;
export const load = (layer) =>
  (loading ??= read(layer).catch((error) => ((loading = null), Promise.reject(error))));

async function read(layer) {
  const token = tokenStore.get();
  const response = await fetch(
    layer ? `/scheme.json?layer=${layer}` : '/scheme.json',
    token ? { headers: { Authorization: `Bearer ${token}` } } : {},
  );
  if (!response.ok) throw new Error(`The scheme did not come: ${response.status} ${response.statusText}`);
  return indexed(await response.json());
}

// The gateway's lists, by name and by type.
export function indexed(scheme) {
  const methods = new Map(scheme.methods.map((method) => [method.name, method]));
  const constructors = new Map(scheme.constructors.map((one) => [one.name, one]));
  const byType = new Map();
  for (const one of scheme.constructors) byType.set(one.type, [...(byType.get(one.type) ?? []), one]);
  return { ...scheme, methods, constructors, byType };
}

// Descriptions hold HTML and {@link RawSomething}; what a person wants of them is the text.
const ENTITIES = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  raquo: '»',
  laquo: '«',
  mdash: '—',
  ndash: '–',
  hellip: '…',
};
// What only pointed at a link, such as ", see here » for more info on stories", points at nothing now.
const POINTERS =
  /(?<=[.\n])\s{0,3}(?:see|click) here\b[^.\n]*\.?|[,;]?\s{0,3}(?:for more info,? )?(?:see )?(?:see|click) (?:the )?here\b(?:\s»)?(?:\s(?:for|about) [^.,;:!()\n]*)?/gi;
export function plain(text = '') {
  return text
    .replace(
      /\{@link (?:([\w.]*\.)?)(?:Raw)?(\w+?)(Request)?\}/g,
      (_, space = '', name) => (space || '') + name[0].toLowerCase() + name.slice(1),
    )
    .replace(/<br\s*\/?>|<\/p>/gi, '\n')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, dec, hex, name) =>
      name
        ? (ENTITIES[name] ?? whole)
        : String.fromCodePoint(Math.min(0x10ffff, dec ? Number(dec) : parseInt(hex, 16))),
    )
    .replace(POINTERS, '')
    .replace(/\s»/g, '')
    .trim();
}

export const typeText = (field) => {
  let text = field.type;
  for (let depth = field.vector ?? 0; depth > 0; depth--) text = `Vector<${text}>`;
  return text;
};

// Fields that the gateway fills in when they are absent, so that an empty box is no mistake.
export function hasDefault(method, field) {
  if (field.flag || field.name === 'random_id') return true;
  if (field.type === 'CodeSettings') return true;
  const last = method.name.split('.').pop();
  return (
    /^(get|search)/.test(last) &&
    ['hash', 'offset', 'offset_id', 'offset_date', 'add_offset', 'limit', 'min_id', 'max_id'].includes(
      field.name,
    )
  );
}

// Run asks first for what cannot be taken back: deletes, resets, clears, blocks, logs out and the like.
const GRAVE = new Set([
  'delete',
  'reset',
  'clear',
  'block',
  'log',
  'leave',
  'drop',
  'discard',
  'destroy',
  'revoke',
  'remove',
  'unregister',
  'terminate',
  'kick',
  'purge',
]);
export function isGrave(name) {
  const words = name
    .split('.')
    .pop()
    .replace(/_/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ');
  return words.some((word, at) => GRAVE.has(word) && (word !== 'log' || words[at + 1] === 'out'));
}

// The grave methods in a request, wrapped ones (invokeWithLayer and its like) too.
export function graveIn(scheme, value) {
  if (Array.isArray(value)) return value.flatMap((item) => graveIn(scheme, item));
  if (!value || typeof value !== 'object') return [];
  const name = value._cons ?? value._ ?? value['@type'];
  const own = scheme.methods.has(name) && isGrave(name) ? [name] : [];
  return [...own, ...Object.values(value).flatMap((item) => graveIn(scheme, item))];
}
