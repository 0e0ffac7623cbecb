// One form for each state of a sign-in. Each takes the state and `go(step, field)`, which reports
// what Telegram refuses at that field, and gives the elements.
import { field, fill, h } from '../ui/dom.js';

export const form = (children, submit, label, extra) =>
  h(
    'form',
    { novalidate: true, onsubmit: (event) => (event.preventDefault(), submit()) },
    children,
    h('div.row', h('button.primary', { type: 'submit' }, label), extra),
  );

export const when = (seconds) => new Date(seconds * 1000).toLocaleString();
const digits = (text) => text.replace(/\D/g, '');

export function phone({ go, value = '', example = '+999 66 2 0001' }) {
  const input = field({
    label: 'Phone number',
    type: 'tel',
    name: 'phone',
    autocomplete: 'tel',
    inputmode: 'tel',
    placeholder: example,
    value,
    note: 'With its country code. Telegram sends a code to it.',
  });
  return {
    focus: input,
    element: form(
      input.element,
      () =>
        digits(input.input.value)
          ? go({ phone: digits(input.input.value) }, input)
          : input.fail('Enter a phone number first.'),
      'Send code',
    ),
  };
}

export function bot({ go }) {
  const input = field({
    label: 'Bot token',
    name: 'bot',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: '123456:ABC…',
    note: 'From @BotFather. A bot signs in without a code.',
  });
  return {
    focus: input,
    element: form(
      input.element,
      () =>
        input.input.value.trim()
          ? go({ bot_token: input.input.value.trim() }, input)
          : input.fail('Enter a bot token first.'),
      'Sign in as this bot',
    ),
  };
}

const SENT = {
  app: () => 'Telegram has sent a code to your other devices: look into the chat named Telegram.',
  sms: (phone) => `Telegram has sent a code by SMS to ${phone}.`,
  sms_word: (phone) => `Telegram has sent a word by SMS to ${phone}.`,
  sms_phrase: (phone) => `Telegram has sent a phrase by SMS to ${phone}.`,
  call: (phone) => `Telegram is calling ${phone} and says the code.`,
  flash_call: (phone) => `Telegram is calling ${phone}; the number that calls holds the code.`,
  missed_call: (phone, length, prefix) =>
    `Telegram is calling ${phone} and hangs up. The last ${length ?? ''} digits of the number that calls${prefix ? ` (${prefix}…)` : ''} are the code.`,
  email: (phone, length, pattern) => `Telegram has sent a code to ${pattern ?? 'your e-mail address'}.`,
  fragment_sms: () => 'Telegram has sent a code to the owner of this number on Fragment.',
  firebase_sms: (phone) => `Telegram has sent a code by SMS to ${phone}.`,
};
// The number and its hash go along with a step, so that the gateway need not remember this sign-in.
export const known = (state) =>
  state.phone_code_hash ? { phone: state.phone, phone_code_hash: state.phone_code_hash } : {};
const NEXT = {
  sms: 'by SMS',
  call: 'by a call',
  flash_call: 'by a call',
  missed_call: 'by a missed call',
  fragment_sms: 'by Fragment',
  app: 'to the app',
  email: 'by e-mail',
};

// A sandbox keeps no secret of its codes: five times the digit behind 99966.
const sandboxCode = (server, phone) =>
  server?.telegram === 'sandbox'
    ? (server.accounts?.find((account) => account.phone === phone)?.code ??
      /^99966(\d)\d{4}$/.exec(phone)?.[1].repeat(5))
    : undefined;

export function code({ state, at, go, busy, server }) {
  const open = sandboxCode(server, digits(state.phone ?? ''));
  const byMail = /^email/.test(state.type ?? '');
  const worded = /word|phrase/.test(state.type ?? '');
  const number = '+' + digits(state.phone ?? '');
  const where = (SENT[state.type] ?? (() => `Telegram has sent a code (${state.type}).`))(
    number,
    state.length,
    state.email_pattern ?? state.pattern ?? state.prefix,
  );
  const input = field({
    label: 'Code',
    name: 'code',
    autocomplete: 'one-time-code',
    inputmode: worded ? 'text' : 'numeric',
    class: 'code',
    maxlength: worded ? 200 : 16,
    spellcheck: 'false',
  });
  const submit = () => {
    const given = input.input.value.trim();
    if (!given) return input.fail('Enter the code first.');
    go({ ...known(state), [byMail ? 'email_code' : 'code']: given }, input);
  };
  input.input.addEventListener('input', () => {
    if (!worded && state.length && digits(input.input.value).length === state.length && !busy()) submit();
  });
  const resend = h('button', { onclick: () => go({ ...known(state), resend: true }, input) });
  const due = state.reset_pending_date;
  const reset =
    (due || state.reset_available_period >= 0) &&
    h(
      'button',
      { onclick: () => go({ ...known(state), reset_email: true }, input) },
      due
        ? `Give up the address, from ${when(due)}`
        : 'I cannot read that e-mail',
    );
  const until = at + (state.timeout ?? 0) * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    const how = NEXT[state.next_type] ?? 'again';
    resend.disabled = left > 0;
    resend.textContent =
      left > 0
        ? `Send it ${how} in ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
        : `Send it ${how}`;
    return left > 0;
  };
  let timer = null;
  if (tick()) timer = setInterval(() => tick() || clearInterval(timer), 500);
  return {
    focus: input,
    stop: () => clearInterval(timer),
    element: [
      h('p.lead', where),
      open &&
        h('p.note', 'In this sandbox the code is ', h('strong.mono', byMail ? open[0].repeat(6) : open), '.'),
      form(input.element, submit, 'Continue', byMail ? reset : state.next_type && resend),
    ],
  };
}

export function password({ state, go }) {
  const input = field({
    label: 'Two-step password',
    type: 'password',
    name: 'password',
    autocomplete: 'current-password',
    note: state.hint ? `Hint: ${state.hint}` : undefined,
  });
  const own = form(
    input.element,
    () =>
      input.input.value
        ? go({ password: input.input.value }, input)
        : input.fail('Enter the password first.'),
    'Sign in',
    state.has_recovery && h('button', { onclick: () => go({ recover: true }, input) }, 'I have forgotten it'),
  );
  const sent = state.email_pattern;
  if (!sent)
    return {
      focus: input,
      element: [
        h('p.lead', 'This account is protected by a password as well.'),
        own,
        state.pending_reset_date
          ? h('p.note', `Telegram was asked to take this password off, from ${when(state.pending_reset_date)}.`)
          : !state.has_recovery &&
            h('p.note', 'Forgotten? Telegram takes it off for who is still signed in somewhere: ask there.'),
      ],
    };
  const recovery = field({
    label: 'Recovery code',
    name: 'recovery',
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    class: 'code',
  });
  return {
    focus: recovery,
    element: [
      h('p.lead', `Telegram has sent a recovery code to ${sent}. It removes the password from the account.`),
      form(
        recovery.element,
        () =>
          recovery.input.value.trim()
            ? go({ recovery_code: recovery.input.value.trim() }, recovery)
            : recovery.fail('Enter the code first.'),
        'Recover and sign in',
      ),
      h('p.or', 'or, if it comes back to you'),
      own,
    ],
  };
}

export function email({ state, go }) {
  const input = field({
    label: 'E-mail address',
    type: 'email',
    name: 'email',
    autocomplete: 'email',
    note: 'Telegram sends sign-in codes there.',
  });
  return {
    focus: input,
    element: [
      h('p.lead', 'Telegram wants an e-mail address for this account.'),
      form(
        input.element,
        () =>
          input.input.value.includes('@')
            ? go({ ...known(state), email: input.input.value.trim() }, input)
            : input.fail('This is no e-mail address.'),
        'Continue',
      ),
    ],
  };
}

export function sign_up({ state, go }) {
  const first = field({ label: 'First name', name: 'first_name', autocomplete: 'given-name' });
  const last = field({ label: 'Last name (optional)', name: 'last_name', autocomplete: 'family-name' });
  return {
    focus: first,
    element: [
      h('p.lead', 'This number has no account yet. What should it be called?'),
      form(
        [
          first.element,
          last.element,
          state.terms?.text && h('details.terms', h('summary', 'Terms of service'), h('p', state.terms.text)),
        ],
        () =>
          first.input.value.trim()
            ? go(
                { ...known(state), first_name: first.input.value.trim(), last_name: last.input.value.trim() },
                first,
              )
            : first.fail('A first name is needed.'),
        state.terms ? 'Accept the terms and sign up' : 'Sign up',
      ),
    ],
  };
}

export function qr({ state }) {
  const left = h('span');
  const tick = () => {
    const seconds = Math.max(0, Math.round(state.expires - Date.now() / 1000));
    fill(left, seconds ? `A fresh one comes in ${seconds} s.` : 'A fresh one is coming.');
  };
  tick();
  const timer = setInterval(tick, 1000);
  const frame = h('div.qr-frame');
  import('../qr.js').then(({ draw }) => fill(frame, draw(state.url, 'QR code with a login token of Telegram')));
  return {
    stop: () => clearInterval(timer),
    element: [
      frame,
      h(
        'ol.lead',
        h('li', 'Open Telegram on a device that is signed in.'),
        h('li', 'Settings → Devices → Link Desktop Device.'),
        h('li', 'Point it at this code.'),
      ),
      h('p.note', left),
    ],
  };
}

// What few people ever see is loaded for them alone.
export function rare(name, given) {
  const slot = h('div.api');
  import('./rare.js').then((forms) => {
    const { element, focus } = forms[name](given);
    fill(slot, element);
    focus?.input.focus();
  });
  return { element: slot };
}
export const payment = (given) => rare('payment', given);

export const other = ({ state }) => ({
  element: [
    h(
      'p.lead',
      `Telegram answered ${state.object?._cons ?? 'something'}, for which there is no form here. The Wire shows all of it.`,
    ),
  ],
});
