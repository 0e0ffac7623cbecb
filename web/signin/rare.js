// What few people see while they sign in, or afterwards: a reCAPTCHA, a code that costs, a session as
// a QR code, a password that is to go.
import { confirm, copy, facts, field, fill, h } from '../ui/dom.js';
import { tg } from '../gateway.js';
import { stringify } from '../client.js';
import { inWords } from '../ui/words.js';
import { draw } from '../qr.js';
import { form, known, when } from './steps.js';

// `step` was refused until it comes with the token of a reCAPTCHA, which no page but Telegram's can show.
export function recaptcha({ action, key, step, go }) {
  const token = field({
    label: 'Token of the reCAPTCHA',
    autocomplete: 'off',
    spellcheck: 'false',
    note: 'It is good once, and not for long.',
  });
  const submit = () => {
    const given = token.input.value.trim();
    given ? go(step, token, given) : token.fail('Enter the token first.');
  };
  return {
    focus: token,
    element: h(
      'section.card',
      { 'aria-label': 'reCAPTCHA' },
      h('h2', 'Telegram wants a reCAPTCHA'),
      h(
        'p',
        'Its key belongs to Telegram’s own apps, so it cannot be shown here. Whoever has a way to solve it enters what it gave.',
      ),
      facts({ action, site_key: key }),
      form(
        token.element,
        submit,
        'Go on with the token',
        h('button', { onclick: () => copy(key, 'Key copied') }, 'Copy the key'),
      ),
      h('p.note', 'Signing in by QR code asks for no code, and has not been seen to want a reCAPTCHA.'),
      h('div.row', h('button', { onclick: () => go({ qr: true }) }, 'Sign in by QR code')),
    ),
  };
}

// Telegram counts in the smallest unit of a currency.
function price({ currency, amount }) {
  try {
    const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
    return format.format(Number(amount) / 10 ** format.resolvedOptions().maximumFractionDigits);
  } catch {
    return `${amount} ${currency}`;
  }
}

export function payment({ state, go }) {
  const input = field({
    label: 'Number of the payment form (form_id)',
    inputmode: 'numeric',
    autocomplete: 'off',
    class: 'mono',
    note: 'As payments.getPaymentForm gave it to the app that paid.',
  });
  const submit = () => {
    const form_id = input.input.value.trim();
    if (!/^-?\d+$/.test(form_id)) return input.fail('The number of a payment form is due.');
    go({ ...known(state), form_id }, input);
  };
  const subject = encodeURIComponent(state.support_email_subject ?? '');
  return {
    element: [
      h(
        'p.lead',
        'Telegram wants ',
        h('strong', price(state)),
        ' before it sends a code to this number',
        '. It is paid in one of Telegram’s own apps.',
        state.premium_days > 0 && ` ${state.premium_days} days of Premium come with it.`,
      ),
      form(input.element, submit, 'It is paid: send the code'),
      state.support_email_address &&
        h(
          'p.note',
          'Questions: ',
          h(
            'a',
            { href: `mailto:${state.support_email_address}?subject=${subject}` },
            state.support_email_address,
          ),
        ),
    ],
  };
}

// The parts of it that another client needs; the rest is made anew there.
export const sessionCode = ({ auth_key, dc, api_id }) => [
  h('div.qr-frame', draw(stringify({ session: { auth_key, dc, api_id } }), 'QR code with this session')),
  h(
    'p.note',
    'It holds the key: whoever photographs it is signed in. Scan it, and paste its text on the Session page of another browser.',
  ),
];

// Telegram takes a two-step password off for who is signed in. Says at `place` what came of it.
export async function resetPassword(place) {
  const sure = await confirm({
    title: 'Take the two-step password off?',
    text: 'Telegram notes it and does it a week later. Until then anybody who is signed in to this account can take it back.',
    yes: 'Take it off',
  });
  if (sure) fill(place, await asked());
}

async function asked() {
  try {
    const { reset_password: reset, error } = await tg.signin({ reset_password: true });
    return error ? problem(error) : said(reset);
  } catch (error) {
    return problem(error);
  }
}
const problem = (error) => h('p.problem', { role: 'alert' }, inWords(error));

function said(reset) {
  const note = h('p', { role: 'status' });
  const keep = h('button', { onclick: () => keepPassword(note, keep) }, 'Keep the password after all');
  const words = {
    'account.resetPasswordOk': () => 'There is no two-step password any more.',
    'account.resetPasswordFailedWait': () =>
      `It was taken back before, and cannot be asked for again until ${when(reset.retry_date)}.`,
    'account.resetPasswordRequestedWait': () => [
      `Noted. Ask once more after ${when(reset.until_date)}, and it is gone.`,
      h('span.row', keep),
    ],
  }[reset?._cons];
  return fill(note, words?.() ?? 'Telegram has not said what came of it.');
}

async function keepPassword(note, button) {
  button.disabled = true;
  try {
    await tg.call('account.declinePasswordReset');
    note.textContent = 'The password stays.';
  } catch (error) {
    note.append(problem(error));
    button.disabled = false;
  }
}
