// "Are you sure", as a promise of true or false. Escape and the focused button mean no.
import { h, newId } from './dom.js';

export function confirm({ title, text, yes, detail }) {
  return new Promise((resolve) => {
    const id = newId('d');
    const dialog = h(
      'dialog.confirm',
      {
        'aria-labelledby': id,
        'aria-describedby': id + 't',
        onclose: () => (dialog.remove(), resolve(dialog.returnValue === 'yes')),
      },
      h('h2', { id }, title),
      h('p', { id: id + 't' }, text),
      detail && h('pre', { tabindex: '0' }, detail),
      h(
        'div.row.end',
        h('button', { autofocus: true, onclick: () => dialog.close('no') }, 'Cancel'),
        h('button.danger', { onclick: () => dialog.close('yes') }, yes),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
