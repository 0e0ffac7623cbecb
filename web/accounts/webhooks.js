// Where an account's updates are sent: what there is and how it does, a new one, and its secret, once.
import { confirm, copy, field, fill, h, problemLine } from '../ui/dom.js';
import { inWords } from '../ui/words.js';
import * as api from './api.js';

const at = (seconds) => new Date(seconds * 1000).toLocaleString();

// How the last calls went, in sentences.
function health(webhook, open) {
  const { state, delivered, last_status, last_error, attempts, failing_since, next_attempt } = webhook;
  const link = h('button.quiet.small', { onclick: () => open(delivered) }, `update #${delivered}`);
  return [
    h(
      'p',
      last_status >= 200 && last_status < 300
        ? ['Delivered up to ', link]
        : delivered
          ? ['What comes behind ', link, ' is still to be delivered']
          : 'Nothing was delivered yet',
      last_status ? `; the last answer was ${last_status}.` : '.',
    ),
    last_error && h('p.problem', `${state === 'failed' ? 'Given up' : 'Failing'} since ${at(failing_since)}: ${last_error}`),
    last_error &&
      h(
        'p.note',
        attempts === 1 ? 'One attempt' : `${attempts} attempts`,
        state === 'failed' ? '. It is called no more, until it is put again.' : `; the next one at ${at(next_attempt)}.`,
      ),
  ];
}

export async function webhooksOf(account, may, openUpdate) {
  const list = h('ul.webhooks');
  const note = h('p.note', 'There is none. With one, each update is sent to a URL of yours, signed.');
  const secret = h('div.below');
  const { element: problem, guard } = problemLine();
  let known = [];

  const again = ({ name, url, types }) => guard(async () => (await api.putWebhook(account, name, { url, types }), load()));
  const remove = ({ name }) =>
    guard(async () => {
      const sure = await confirm({
        title: `Remove the webhook ${name}?`,
        text: 'Nothing more is sent there. What was not delivered yet is not sent later either.',
        yes: 'Remove',
      });
      if (!sure) return;
      await api.removeWebhook(account, name);
      fill(secret);
      await load();
    });

  const item = (webhook) =>
    h(
      'li.webhook',
      h('div.row', h('h3.mono', webhook.name), h('span', { class: `pill ${webhook.state}` }, webhook.state)),
      h('p.mono.url', webhook.url),
      h('p.note', webhook.types.length ? `Only ${webhook.types.join(', ')}` : 'All updates'),
      health(webhook, openUpdate),
      may &&
        h(
          'div.row',
          webhook.state === 'failed' && h('button.small', { onclick: again(webhook) }, 'Try again'),
          h('button.small.danger', { 'aria-label': `Remove ${webhook.name}`, onclick: remove(webhook) }, 'Remove'),
        ),
    );

  async function load() {
    known = await api.webhooks(account);
    note.hidden = known.length > 0;
    fill(list, known.map(item));
  }

  const add = may && addForm(account, () => known, async (made) => {
    fill(
      secret,
      made.secret &&
        h(
          'div.card.secret',
          { role: 'status' },
          h('p', h('strong', `The secret of ${made.name}`), ', by which its calls are signed. It is shown this once.'),
          h('p.mono.url', made.secret),
          h('div.row', h('button.primary', { onclick: () => copy(made.secret, 'Secret copied') }, 'Copy the secret'), h('button', { onclick: () => fill(secret) }, 'I have kept it')),
        ),
    );
    await load();
    secret.querySelector('button')?.focus();
  });
  await load();
  return h(
    'section.webhooks-part',
    { 'aria-label': 'Webhooks' },
    h('h2', 'Webhooks'),
    note,
    list,
    problem,
    secret,
    h('div.row', h('button.small', { onclick: guard(load) }, 'Refresh')),
    add,
  );
}

function addForm(account, known, added) {
  const name = field({ label: 'Name', note: api.NAME_DUE, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', class: 'mono', maxlength: 64 });
  const url = field({ label: 'URL', type: 'url', autocomplete: 'off', placeholder: 'https://example.org/hook' });
  const types = field({
    label: 'Types of updates (optional)',
    note: 'Names with commas between, such as updateNewMessage, updateEditMessage. Left empty: all.',
    autocomplete: 'off',
    spellcheck: 'false',
    class: 'mono',
  });
  async function submit(event) {
    event.preventDefault();
    const called = name.input.value.trim();
    const to = url.input.value.trim();
    if (!api.A_NAME.test(called)) return name.fail(`A name has ${api.NAME_DUE}.`);
    if (known().some((one) => one.name === called)) return name.fail(`There is a webhook ${called} already.`);
    if (!/^https?:\/\/./.test(to)) return url.fail('A URL begins with https:// or http://.');
    const wanted = types.input.value.split(/[\s,]+/).filter(Boolean);
    try {
      const made = await api.putWebhook(account, called, { url: to, types: wanted });
      for (const one of [name, url, types]) one.input.value = '';
      details.open = false;
      await added(made);
    } catch (error) {
      const [, place, at] = error.path?.split('/') ?? [];
      const which = place === 'types' && wanted[at] ? `${wanted[at]}: ` : '';
      ({ url, types }[place] ?? name).fail(which + inWords(error));
    }
  }
  const details = h(
    'details.more',
    h('summary', 'Add a webhook'),
    h('form', { onsubmit: submit, novalidate: true }, name.element, url.element, types.element, h('div.row', h('button.primary', { type: 'submit' }, 'Add'))),
  );
  return details;
}
