// What differs between two answers: one row for each place.

const PLACES = 5000;

function flatten(value, path = '', out = new Map()) {
  if (out.size >= PLACES) return out;
  if (value === null || typeof value !== 'object') return out.set(path || '/', value);
  const entries = Object.entries(value);
  if (!entries.length) out.set(path || '/', Array.isArray(value) ? [] : {});
  for (const [key, item] of entries) flatten(item, `${path}/${key}`, out);
  return out;
}

// [{path, before, after}]: undefined where a place is not there.
export function differences(one, other) {
  const before = flatten(one);
  const after = flatten(other);
  const out = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [a, b] = [before.get(path), after.get(path)];
    if (JSON.stringify(a) !== JSON.stringify(b)) out.push({ path, before: a, after: b });
  }
  return out;
}
