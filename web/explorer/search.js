// Fuzzy search: every word of the query must be found in the name (as it stands, at the start of a
// word, or letter by letter) or in the description; the better the place, the higher the method.
import { plain } from './scheme.js';

export function index(methods) {
  return methods.map((method) => {
    const name = method.name.toLowerCase();
    const starts = [0];
    for (let at = 1; at < method.name.length; at++)
      if (/[A-Z]/.test(method.name[at]) || /[._]/.test(method.name[at - 1])) starts.push(at);
    return {
      method,
      name,
      starts,
      last: method.name.lastIndexOf('.') + 1,
      text: plain(method.doc).toLowerCase(),
    };
  });
}

// Letters in order, each at the start of a word or right after the one before: "mgd" is messages.getDialogs.
function letters(entry, word) {
  let score = 0;
  let at = -1;
  for (const letter of word) {
    const next =
      entry.name[at + 1] === letter
        ? at + 1
        : entry.starts.find((start) => start > at && entry.name[start] === letter);
    if (next === undefined) return 0;
    score += next === at + 1 ? 1 : 2;
    at = next;
  }
  return 20 + score - entry.name.length / 20;
}

// Behind the dot counts more than before it, and most of all what is nearly the whole of it.
function scoreWord(entry, word) {
  const inLast = entry.name.indexOf(word, entry.last);
  const at = inLast >= 0 ? inLast : entry.name.indexOf(word);
  if (at >= 0) {
    const start = entry.starts.includes(at) ? 20 : 0;
    const share = inLast >= 0 ? 20 + (60 * word.length) / (entry.name.length - entry.last) : 0;
    return 60 + start + share - entry.name.length / 10;
  }
  const fuzzy = word.length > 1 ? letters(entry, word) : 0;
  const told = entry.text.indexOf(word);
  const described = told < 0 ? 0 : 12 + (told === 0 || /\W/.test(entry.text[told - 1]) ? 6 : 0);
  return Math.max(fuzzy, described);
}

const SMALL = new Set([
  'a',
  'an',
  'the',
  'of',
  'to',
  'in',
  'on',
  'is',
  'are',
  'my',
  'me',
  'i',
  'who',
  'what',
  'how',
  'for',
  'by',
  'with',
  'and',
  'all',
]);

export function search(entries, query) {
  const typed = query.toLowerCase().split(/\s+/).filter(Boolean);
  const words = typed.some((word) => !SMALL.has(word)) ? typed.filter((word) => !SMALL.has(word)) : typed;
  if (!words.length) return entries.map((entry) => entry.method);
  const found = [];
  for (const entry of entries) {
    let score = 0;
    for (const word of words) {
      const one = scoreWord(entry, word);
      if (!one) {
        score = 0;
        break;
      }
      score += one;
    }
    if (score) found.push({ score, method: entry.method });
  }
  return found
    .sort((a, b) => b.score - a.score || a.method.name.localeCompare(b.method.name))
    .map(({ method }) => method);
}
