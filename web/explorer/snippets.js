// The same request from a terminal or a script. The session is read from a session.json (the line of
// signin-cli, or "Save session.json" of the console): no key is ever in what is copied.
import { copy, h } from '../ui/dom.js';
import { stringify } from '../client.js';
import { state, subscribe } from '../gateway.js';
import { tokenStore } from '../store.js';
import { languages, program, quote, speaker, toGateway, tokenFirst } from '../recipes/code.js';

export function here() {
  const secure = location.protocol === 'https:';
  return {
    secure,
    host: location.hostname,
    port: location.port || (secure ? '443' : '80'),
    origin: location.origin,
    account: state.account,
  };
}

export function snippet(language, message, locked = false) {
  if (language === 'js' || language === 'python')
    return program(language, [{ call: message }], here(), locked);
  const line = quote(stringify({ id: 2, message }));
  const first = tokenFirst(language, locked);
  return `(${first}${speaker(here())}; echo ${line}) |\n  ${toGateway(language, here(), locked)}`;
}

// Where a page offers the same in four languages: {element, show()}. `text(language, locked)` gives it.
export function copyAs(what, text) {
  let language = 'nc';
  const code = h('pre.snippet', { tabindex: '0', 'aria-label': `The ${what} to copy` });
  const buttons = Object.entries(languages).map(([key, label]) => [
    key,
    h('button', { onclick: () => ((language = key), show()) }, label),
  ]);
  const note = h(
    'p.note',
    'session.json is the line that signin-cli prints, or “Save session.json” on the Session page.',
  );
  const show = () => {
    code.textContent = text(language, Boolean(tokenStore.get()));
    note.hidden = Boolean(state.account);
    for (const [key, button] of buttons) button.setAttribute('aria-pressed', String(key === language));
  };
  const element = h(
    'details.more',
    h('summary', 'Copy as nc, curl, JavaScript, Python'),
    h(
      'div.row',
      h(
        'div.segments.small',
        { role: 'group', 'aria-label': 'Copy as' },
        buttons.map(([, button]) => button),
      ),
      h('button.small', { onclick: () => copy(code.textContent) }, 'Copy'),
    ),
    code,
    note,
  );
  subscribe((_, change) => 'account' in change && show());
  return { element, show };
}
