// A JSON value as a folding tree of <details>. Branches are built when they are opened, so that
// an answer of megabytes costs what is looked at.
import { h } from './dom.js';

const PAGE = 200;

const preview = (value) => {
  if (Array.isArray(value)) return value.length === 1 ? '1 item' : `${value.length} items`;
  const names = ['title', 'first_name', 'username', 'message', 'text', 'error_message', 'user_id', 'id'];
  const name = names.find((key) => typeof value[key] === 'string' || typeof value[key] === 'number');
  return name ? `${name}: ${String(value[name]).slice(0, 60)}` : '';
};

export function tree(value, { key, open = 1 } = {}) {
  const name = key === undefined ? null : h('span.key', String(key));
  if (value === null || typeof value !== 'object') return h('div.leaf', name, leaf(value));
  const entries = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value).filter(([field]) => field !== '_cons');
  const label = Array.isArray(value)
    ? h('span.cons', `[${value.length}]`)
    : h('span.cons', value._cons ?? '{ }');
  if (!entries.length) return h('div.leaf', name, label);
  const body = h('div.branch');
  let shown = 0;
  const grow = () => {
    const more = entries.slice(shown, shown + PAGE);
    shown += more.length;
    body.querySelector(':scope > button')?.remove();
    body.append(...more.map(([field, item]) => tree(item, { key: field, open: open - 1 })));
    if (shown < entries.length)
      body.append(h('button.quiet', { onclick: grow }, `${entries.length - shown} more`));
  };
  const details = h('details.node', h('summary', name, label, h('span.hint', preview(value))), body);
  details.addEventListener('toggle', () => details.open && !shown && grow());
  if (open > 0) {
    grow();
    details.open = true;
  }
  return details;
}

function leaf(value) {
  if (typeof value === 'string') return h('span.text', JSON.stringify(value));
  return h('span.atom', String(value));
}

// Opens or folds everything below, level by level, up to a bound that a browser can draw.
export function foldAll(root, open) {
  let budget = 3000;
  let level = [...root.querySelectorAll('details')].slice(0, open ? 1 : undefined);
  if (!open) return level.forEach((details) => (details.open = details === level[0]));
  level = [root.querySelector('details')].filter(Boolean);
  const next = () => {
    const below = [];
    for (const details of level) {
      if (!budget--) return;
      details.open = true;
      below.push(details);
    }
    // Children appear once the toggle events have run.
    setTimeout(() => {
      level = below.flatMap((details) => [...details.querySelectorAll(':scope > .branch > details')]);
      if (level.length) next();
    });
  };
  next();
}
