// A message's text with its entities as elements. Offsets count UTF-16 units, as JavaScript does;
// what comes from Telegram is only ever set as text, and only http(s) addresses become links.
import { h } from '../ui/dom.js';

const TAGS = {
  messageEntityBold: 'strong',
  messageEntityItalic: 'em',
  messageEntityCode: 'code',
  messageEntityPre: 'pre',
  messageEntityStrike: 's',
  messageEntityUnderline: 'u',
  messageEntityBlockquote: 'blockquote',
  messageEntityMention: 'b',
  messageEntityHashtag: 'b',
  messageEntityBotCommand: 'b',
  messageEntityCashtag: 'b',
  messageEntityMentionName: 'b',
};

const web = (url) => {
  try {
    const address = new URL(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : 'https://' + url);
    return ['http:', 'https:'].includes(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
};

function wrap(entity, children, text) {
  const kind = entity._cons;
  if (kind === 'messageEntitySpoiler') {
    const button = h(
      'button.spoiler',
      {
        'aria-label': 'Hidden text: show it',
        onclick: () => button.replaceWith(h('span', children)),
      },
      h('span', { 'aria-hidden': 'true' }, children),
    );
    return button;
  }
  if (kind === 'messageEntityTextUrl' || kind === 'messageEntityUrl') {
    const address = web(entity.url ?? text);
    return address
      ? h('a', { href: address, target: '_blank', rel: 'noopener noreferrer', title: address }, children)
      : h('u', children);
  }
  return TAGS[kind] ? h(TAGS[kind], {}, children) : children;
}

export function rich(text = '', entities = []) {
  const sorted = entities
    .filter((entity) => entity.length > 0 && entity.offset >= 0 && entity.offset < text.length)
    .map((entity) => ({
      entity,
      from: entity.offset,
      to: Math.min(text.length, entity.offset + entity.length),
    }))
    .sort((a, b) => a.from - b.from || b.to - a.to);
  // Nested entities come after the one around them; one that overlaps its end is cut there.
  const build = (from, to, list) => {
    const out = [];
    let at = from;
    for (let i = 0; i < list.length;) {
      const { entity, from: start, to: end } = list[i];
      let j = i + 1;
      while (j < list.length && list[j].from < end) j++;
      const inside = list.slice(i + 1, j).map((one) => ({ ...one, to: Math.min(one.to, end) }));
      out.push(text.slice(at, start), wrap(entity, build(start, end, inside), text.slice(start, end)));
      at = end;
      i = j;
    }
    out.push(text.slice(at, to));
    return out.filter((part) => part !== '');
  };
  return build(0, text.length, sorted);
}
