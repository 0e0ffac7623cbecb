// What this page is, for whoever comes here first.
import { h } from '../ui/dom.js';

const version = document.documentElement.dataset.version ?? '';
const link = (href, text) => h('a', { href, target: '_blank', rel: 'noopener' }, text);

export const about = () =>
  h(
    'section.about',
    { 'aria-label': 'About streamjson' },
    h(
      'p',
      h('strong', /^\d/.test(version) ? `streamjson ${version}` : 'streamjson'),
      ' is a gateway: a program writes Telegram’s API as lines of JSON, and it speaks Telegram’s own protocol for it. This console is a window on it: sign in, then look at your chats, try any method, and see every object that goes over the wire.',
    ),
    h(
      'p.row',
      h('a', { href: '#explorer' }, 'All methods'),
      h('a', { href: '#explorer/recipe:send' }, 'Send a first message'),
      link('/client.js', 'client.js'),
      link('/types.d.ts', 'TypeScript’s types'),
      link('/scheme.tl', 'The scheme'),
    ),
  );
