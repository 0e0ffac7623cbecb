// JSON with all 64 bits of an integer: what a double can't hold is read as BigInt and written back.
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const mark = '\ue000'; // private use: no text of ours holds it

export function parse(text) {
  const marked = text.replace(token, (t) =>
    /^-?\d{16,}$/.test(t) && !Number.isSafeInteger(Number(t)) ? `"${mark}${t}"` : t);
  return JSON.parse(marked, (_, value) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(1)) : value);
}

export function stringify(value) {
  return JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${mark}${v}` : v))
    .replaceAll(/"\ue000(-?\d+)"/g, '$1');
}
