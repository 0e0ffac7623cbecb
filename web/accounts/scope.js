// What a token allows, in sentences: the words of its line, as the gateway tells them.
import { h } from '../ui/dom.js';

const list = (patterns) => patterns.flatMap((one, at) => [at ? ', ' : '', h('code', one)]);

// {methods: ['messages.*'], accounts: ['ada']} of "methods=messages.*", …; words alone: true.
export function read(scope) {
  const out = {};
  for (const word of scope) {
    const [name, patterns] = word.split('=');
    out[name] = patterns?.split(',') ?? true;
  }
  return out;
}
// Whether an account of that name may be used, if there is one.
export const allows = (scope, name) =>
  !scope || (read(scope).accounts ?? []).some((pattern) => fits(pattern, name));
function fits(pattern, name) {
  const parts = pattern.split('*');
  const last = parts.pop();
  if (!parts.length) return name === last;
  const first = parts.shift();
  let at = first.length;
  if (!name.startsWith(first)) return false;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - at >= last.length && name.endsWith(last);
}
// Whether somebody may set something of accounts. Where no token is wanted, everybody may.
export const administers = (scope) => !scope || scope.includes('admin');

function methods({ methods = [], ...words }) {
  const not = methods.filter((one) => one[0] === '!').map((one) => one.slice(1));
  const only = methods.filter((one) => one[0] !== '!');
  return [
    words['read-only'] ? 'Call methods that change nothing' : 'Call ',
    words['read-only'] ? (only.length ? [', of these: ', list(only)] : '') : only.length ? list(only) : 'any method',
    not.length > 0 && [', but not ', list(not)],
    '.',
  ];
}

function accounts({ accounts: names }) {
  if (!names) return 'Use none of the accounts that the gateway keeps.';
  if (names.includes('*')) return 'Use all accounts that the gateway keeps, and sign in to new ones.';
  return ['Use these accounts, and sign in to them: ', list(names), '.'];
}

export function scopeInWords(scope) {
  const words = read(scope);
  return h(
    'section.scope',
    { 'aria-label': 'What this token may do' },
    h('h2', 'What this token may do'),
    h(
      'ul.bullets',
      h('li', methods(words)),
      h('li', accounts(words)),
      words.accounts && [
        h('li', words.admin ? 'Change these accounts and remove them, and set their webhooks.' : 'Change nothing about these accounts, and set no webhooks.'),
        h('li', words.export ? 'Take the sessions of these accounts away.' : 'Take no session of these accounts away.'),
      ],
    ),
  );
}
