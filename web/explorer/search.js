// Search by intent: a method is found by its name, by what people call what it does (everyday.js), by
// its description, its fields, and what their types are made of, each place worth less than the one
// before. A word counts the more, the fewer methods have it; the more of the words a method has, the
// better; and of two that fit, the everyday one comes first.
import { plain } from './scheme.js';
import { everyday } from './everyday.js';
import { asked, neighbours, split, stem, stems } from './words.js';

// What a word is worth, by where it stands.
const NAME = 10;
const SAID = 8; // everyday.js
const SPACE = 3; // before the dot
const FIELD = 3;
const ABOUT = 4; // the description's first sentence
const TOLD = 1.5; // the rest of it
const MADE_OF = 1.5; // constructors of the types that it takes
const GIVES = 1;
const NEIGHBOUR = 0.4; // another word for the same
const BEGUN = 0.8; // a word that is being typed
const SEE = 1.5; // who says no verb ("saved gifs") wants to see something

// What few people mean who do not say so.
const RARE = new Set(
  stems(
    'business chatlist chatlists emoji encrypted ephemeral fragment gift quick ringtone smsjobs sponsored suggested theme wall',
  ),
);
const UNASKED = 0.75;
const MOST = 20; // words of a question; whoever pastes a page waits no longer
const FAR = 0.25; // of the best: what fits less is noise

// Types that many methods take, such as InputPeer, tell nothing about any of them.
const COMMON = 40;

const put = (words, list, worth) => {
  for (const word of list) if (!(words.get(word) >= worth)) words.set(word, worth);
};

function typesOf(methods) {
  const uses = new Map();
  for (const method of methods)
    for (const type of new Set((method.fields ?? []).map((field) => field.type)))
      uses.set(type, (uses.get(type) ?? 0) + 1);
  return uses;
}

export function index(scheme) {
  const methods = [...scheme.methods.values()];
  const uses = typesOf(methods);
  const rare = (type) => (uses.get(type) ?? 0) < COMMON;
  const made = new Map(); // type -> stems of its constructors
  const madeOf = (type) => {
    if (!made.has(type))
      made.set(type, new Set((scheme.byType?.get(type) ?? []).flatMap((one) => stems(one.name))));
    return made.get(type);
  };
  const identifiers = new Map(); // what is written as in the scheme -> methods
  const identify = (name, method) => {
    const key = name.toLowerCase();
    if (!identifiers.has(key)) identifiers.set(key, new Set());
    identifiers.get(key).add(method);
  };
  const entries = methods.map((method) => {
    const words = new Map();
    const [space, last] = method.name.includes('.') ? method.name.split('.') : ['', method.name];
    const [about, ...rest] = plain(method.doc).split(/(?<=[.!?])\s|\n/);
    const usual = everyday.get(method.name);
    put(words, stems(last), NAME);
    if (usual) put(words, stems(usual.words), SAID);
    put(words, stems(about ?? ''), ABOUT);
    put(words, stems(space), SPACE);
    put(words, stems(rest.join(' ')), TOLD);
    for (const field of method.fields ?? []) {
      put(words, stems(field.name), FIELD);
      put(words, stems(plain(field.doc)), TOLD);
      if (!rare(field.type)) continue;
      put(words, madeOf(field.type), MADE_OF);
      for (const one of scheme.byType?.get(field.type) ?? []) identify(one.name, method);
      identify(field.type, method);
    }
    put(words, madeOf(method.type), GIVES);
    if (method.type) identify(method.type, method);
    for (const [, error] of method.errors ?? []) identify(error, method);
    return {
      method,
      name: method.name.toLowerCase(),
      starts: startsOf(method.name),
      last: split(last),
      rare: stems(method.name).filter((word) => RARE.has(word)),
      words,
      weight: usual?.weight ?? 0,
    };
  });
  return { entries, identifiers, ...counted(entries) };
}

// How many methods have a word: the fewer, the more it tells; half of that where it stands only in
// long descriptions, or is not written out. One that none has, nor another word for it, tells nothing.
function counted(entries) {
  const have = new Map();
  const said = new Set();
  for (const { words } of entries)
    for (const [word, worth] of words) {
      if (worth >= TOLD) have.set(word, (have.get(word) ?? 0) + 1);
      if (worth >= ABOUT) said.add(word);
    }
  const most = (word) => Math.max(...[word, ...neighbours(word)].map((one) => have.get(one) ?? 0));
  const isSaid = (word) => [word, ...neighbours(word)].some((one) => said.has(one));
  return {
    telling: (word) =>
      Math.log(1 + entries.length / ((have.get(word) ?? most(word)) + 1)) * (isSaid(word) ? 1 : 0.5),
    isKnown: (word) => most(word) > 0,
    vocabulary: [...have.keys()],
    verbs: new Set([...entries.map(({ last }) => last[0]), 'like', 'pin', 'react', 'vote']),
  };
}

const startsOf = (name) => {
  const starts = [0];
  for (let at = 1; at < name.length; at++)
    if (/[A-Z]/.test(name[at]) || /[._]/.test(name[at - 1])) starts.push(at);
  return starts;
};

// Letters in order, each at the start of a word or right after the one before: "mgd" is
// messages.getDialogs.
function letters(entry, typed) {
  let score = 0;
  let at = -1;
  for (const letter of typed) {
    const next =
      entry.name[at + 1] === letter
        ? at + 1
        : entry.starts.find((start) => start > at && entry.name[start] === letter);
    if (next === undefined) return 0;
    score += next === at + 1 ? 1 : 2;
    at = next;
  }
  return 1 + score / 10 - entry.name.length / 1000;
}

// What a method has of one word that was asked for.
function worthOf(entry, word, last) {
  let best = entry.words.get(word) ?? 0;
  for (const other of neighbours(word)) best = Math.max(best, NEIGHBOUR * (entry.words.get(other) ?? 0));
  if (last && word.length > 1 && best < NAME * BEGUN)
    for (const [other, worth] of entry.words)
      if (worth * BEGUN > best && other.startsWith(word)) best = worth * BEGUN;
  return best;
}

const isVerb = ({ verbs }, word) =>
  verbs.has(word) ||
  (!/(ed|s|ing)$/.test(word) && [...neighbours(stem(word))].some((other) => verbs.has(other)));

function meant(index, words, raw) {
  const weights = words.map((word) => index.telling(word));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const see = [...raw].some((word) => isVerb(index, word)) ? 0 : SEE;
  const found = [];
  for (const entry of words.length ? index.entries : []) {
    let sum = 0;
    let had = 0;
    words.forEach((word, at) => {
      const worth = worthOf(entry, word, at === words.length - 1);
      sum += worth * weights[at];
      if (worth) had += weights[at];
    });
    if (had < total * 0.3) continue;
    // Of a name all words that were asked for are more than one of many.
    const named = entry.last
      .map((word) => (raw.has(word) ? 1 : words.includes(stem(word)) ? 0.7 : 0))
      .reduce((all, one) => all + one / entry.last.length, 0);
    const verb = stem(entry.last[0]) === words[0] ? 1 : entry.last[0] === 'get' ? see : 0;
    const score = (sum / total) * (had / total) ** 1.5 * (1 + 0.2 * entry.weight) + 2 * named + verb;
    const isRare = entry.rare.some((word) => !words.includes(word));
    found.push({ score: isRare ? score * UNASKED : score, method: entry.method });
  }
  const best = Math.max(...found.map(({ score }) => score));
  return found.filter(({ score }) => score >= FAR * best).sort(better);
}

const better = (a, b) => b.score - a.score || a.method.name.localeCompare(b.method.name);

// A word that no method has may be one with a slip of the finger; else nobody can tell what it means.
function near({ isKnown, vocabulary }, word, last) {
  if (isKnown(word) || (last && vocabulary.some((one) => one.startsWith(word)))) return word;
  return word.length < 5 ? undefined : vocabulary.find((one) => isOneSlip(word, one));
}
function isOneSlip(a, b) {
  if (Math.abs(a.length - b.length) > 1 || a[0] !== b[0]) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [x, y] = [a.slice(at), b.slice(at)];
  return (
    x.slice(1) === y.slice(1) ||
    x.slice(1) === y ||
    x === y.slice(1) ||
    (x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2))
  );
}

const byWeight = (methods) =>
  [...methods].map((method) => ({ method, score: everyday.get(method.name)?.weight ?? 0 })).sort(better);

// One word may be a piece of a name, or the first letters of its words.
function inNames(index, typed) {
  if (!/^[\w.]{2,}$/.test(typed)) return [];
  const lower = typed.toLowerCase();
  const pieces = index.entries
    .filter((entry) => entry.name.includes(lower))
    .map((entry) => ({ method: entry.method, score: entry.weight * 2 - entry.name.length / 10 }));
  if (pieces.length) return pieces.sort(better);
  return index.entries
    .map((entry) => ({ method: entry.method, score: letters(entry, lower) }))
    .filter(({ score }) => score)
    .sort(better);
}

export function search(index, query) {
  const typed = query.trim();
  if (!typed) return index.entries.map((entry) => entry.method);
  const lower = typed.toLowerCase();
  const exact = index.entries.filter(({ name }) => name === lower || name.endsWith('.' + lower));
  const identified = index.identifiers.get(lower) ?? [];
  // What is written as in the scheme means that and nothing else.
  const isIdentifier = index.identifiers.has(lower) && /[A-Z_]/.test(typed);
  const words = [...new Set(isIdentifier ? [] : asked(typed))]
    .slice(0, MOST)
    .map((word, at, all) => near(index, word, at === all.length - 1))
    .filter(Boolean);
  const found = [
    ...exact,
    ...byWeight(identified),
    ...meant(index, words, new Set(split(typed))),
    ...inNames(index, typed),
  ];
  return [...new Set(found.map(({ method }) => method))];
}

// Constructors whose name, or whose type's, is what was typed or begins with it.
export function typesNamed(scheme, query, most = 4) {
  const typed = query.trim().toLowerCase();
  const isName = /^\w*[a-z][A-Z]\w*$/.test(query.trim());
  if (typed.length < 4 || (!isName && !scheme.byType.has(query.trim()))) return [];
  const begins = (name) => name.toLowerCase().startsWith(typed);
  return [...scheme.constructors.values()]
    .filter((one) => begins(one.name) || begins(one.type))
    .sort((a, b) => a.name.length - b.name.length)
    .slice(0, most);
}
