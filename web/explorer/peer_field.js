// Where a peer is due: chats and contacts first, "me" and names next, constructors behind them.
import { fill, h } from '../ui/dom.js';
import { inputFor, keyFor, peopleFor, whenKnown } from './people.js';
import { choose, optionsOf } from './values.js';

const SHORT = { InputPeer: ['me', '@name'], InputUser: ['me', '@name'], InputChannel: ['@name'] };

// `constructors` are names, `nested` gives the fields of one. What is chosen is one of '', 'me',
// '@name', 'peer:…' and the constructors. The list itself stays while one types in it.
export function peerField({ type, id, label, get, set, constructors = [], nested, absent }) {
  const below = h('div.below');
  const chosen = () => {
    const now = get();
    const key = keyFor(type, now);
    if (key) return `peer:${key}`;
    return typeof now === 'string' && now ? (now === 'me' ? 'me' : '@name') : (now?._cons ?? '');
  };
  const options = () => [
    ['', absent],
    ...peopleFor(type),
    ['By name', SHORT[type].map((name) => [name, name === 'me' ? 'me (yourself)' : '@name…'])],
    ...(constructors.length ? [['Constructors', constructors.map((name) => [name, name])]] : []),
  ];

  function showBelow(what) {
    if (what === '@name') fill(below, nameBox());
    else fill(below, what && what !== 'me' && !what.startsWith('peer:') && nested?.(what));
  }
  function nameBox() {
    const input = h('input', { 'aria-label': `${label}: a name`, autocomplete: 'off', spellcheck: 'false' });
    input.value = get();
    input.addEventListener('input', () => set(input.value.startsWith('@') ? input.value : '@' + input.value));
    return input;
  }

  const select = choose(id, options(), chosen(), (picked) => {
    if (picked.startsWith('peer:')) set(inputFor(type, picked.slice(5)));
    else if (picked === '@name') set('@');
    else set(picked === '' ? undefined : picked === 'me' ? 'me' : { _cons: picked });
    showBelow(picked);
  });
  showBelow(chosen());
  let isNew = true;
  whenKnown(() => {
    if (!isNew && !select.isConnected) return false;
    isNew = false;
    const shown = select.value;
    fill(select, optionsOf(options()));
    // A name that somebody is typing stays one that is typed.
    select.value = shown === '@name' ? shown : chosen();
    if (select.value !== shown) showBelow(select.value);
    return true;
  });
  return [select, below];
}
