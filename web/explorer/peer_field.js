// Where a peer is due: chats and contacts first, "me" and names next, constructors behind them.
import { fill, h } from '../ui/dom.js';
import { inputFor, keyFor, peopleFor, whenKnown } from './people.js';
import { choose, optionsOf } from './values.js';

const SHORT = { InputPeer: ['me', '@name'], InputUser: ['me', '@name'], InputChannel: ['@name'] };

// `constructors` are names. Gives what is chosen, too: '', 'me', '@name', 'peer:…' or a constructor.
export function peerField({ type, id, label, get, set, constructors = [], absent, redraw }) {
  const now = get();
  const key = keyFor(type, now);
  const chosen = key
    ? `peer:${key}`
    : typeof now === 'string'
      ? now === 'me'
        ? 'me'
        : '@name'
      : (now?._cons ?? '');
  const options = () => [
    ['', absent],
    ...peopleFor(type),
    ['By name', SHORT[type].map((name) => [name, name === 'me' ? 'me (yourself)' : '@name…'])],
    ...(constructors.length ? [['Constructors', constructors.map((name) => [name, name])]] : []),
  ];
  const select = choose(id, options(), chosen, (picked) => {
    if (picked.startsWith('peer:')) set(inputFor(type, picked.slice(5)));
    else if (picked === '@name') set('@');
    else set(picked === '' ? undefined : picked === 'me' ? 'me' : { _cons: picked });
    redraw();
    document.getElementById(id)?.focus();
  });
  let isNew = true;
  whenKnown(() => {
    if (!isNew && !select.isConnected) return false;
    isNew = false;
    const shown = select.value;
    const found = keyFor(type, get());
    fill(select, optionsOf(options()));
    select.value = shown;
    // A name that somebody is typing stays one that is typed.
    if (found && shown !== '@name' && shown !== `peer:${found}`) redraw();
    return true;
  });
  const parts = [select];
  if (chosen === '@name') {
    const input = h('input', { 'aria-label': `${label}: a name`, autocomplete: 'off', spellcheck: 'false' });
    input.value = now;
    input.addEventListener('input', () => set(input.value.startsWith('@') ? input.value : '@' + input.value));
    parts.push(input);
  }
  return { parts, chosen };
}
