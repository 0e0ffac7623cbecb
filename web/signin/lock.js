// The gateway wants a token before it says anything.
import { field, h, newId } from '../ui/dom.js';

export function lockDialog(reason, unlock) {
  const title = newId('lock');
  const token = field({
    label: 'Token',
    type: 'password',
    autocomplete: 'off',
    required: true,
    note: "A line of the server's token file. It is kept until this tab is closed.",
  });
  const dialog = h(
    'dialog.confirm',
    { 'aria-labelledby': title, oncancel: (event) => event.preventDefault() },
    h('h2', { id: title }, 'This gateway wants a token'),
    h(
      'form',
      { onsubmit: (event) => (event.preventDefault(), unlock(token.input.value.trim())) },
      token.element,
      h('div.row.end', h('button.primary', { type: 'submit' }, 'Unlock')),
    ),
  );
  if (reason) setTimeout(() => token.fail(reason));
  return dialog;
}
