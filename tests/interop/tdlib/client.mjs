// One account's TDLib, by npm's `tdl`: signed in by its own authorization states, and what it is told unasked kept.
import { createRequire } from 'node:module';
import { within } from '../support/sandbox.mjs';

const tdl = createRequire(import.meta.url)('tdl');
const patient = 20_000;

// Before the first client, and once in a process. What TDLib says of errors, by which it means those of the
// server and its own, is given to `complain`.
export function load(library, complain) {
  // A process waits at its end for the receiving of that time to be over.
  tdl.configure({ tdjson: library, verbosityLevel: 'default', receiveTimeout: 0.5 });
  tdl.execute({ _: 'setLogStream', log_stream: { _: 'logStreamEmpty' } });
  tdl.execute({ _: 'setLogVerbosityLevel', new_verbosity_level: 1 });
  tdl.setLogMessageCallback(1, (level, message) => complain(message.trim()));
}

export class TdlibClient {
  // `folder` is where its database is, which can do without all but the session; `detour` is the port of one, and
  // `options` are TDLib's own.
  static async open({ folder, detour, options = {}, databases = true }) {
    const client = new TdlibClient(tdl.createBareClient());
    await client.state('WaitTdlibParameters');
    // It would dial as soon as it has its parameters; without a network it waits, and nothing is dialled but by the proxy.
    const network = (type) => client.call('setNetworkType', { type: { _: type } });
    const before = [network('networkTypeNone')];
    before.push(...Object.entries(options).map(([name, value]) =>
      client.call('setOption', { name, value: { _: 'optionValueBoolean', value } })));
    before.push(client.call('addProxy', { enable: true, proxy: { _: 'proxy', server: '127.0.0.1', port: detour,
      type: { _: 'proxyTypeSocks5', username: '', password: '' } } }));
    await client.call('setTdlibParameters', { use_test_dc: true, database_directory: folder, files_directory: folder,
      use_message_database: databases, use_chat_info_database: databases, use_file_database: databases, api_id: 12345,
      api_hash: 'abcdef', system_language_code: 'en', device_model: 'test', system_version: '1', application_version: '1' });
    await Promise.all(before);
    await network('networkTypeOther');
    return client;
  }

  constructor(raw) {
    this.raw = raw;
    this.updates = [];
    this.waiting = new Set();
    this.states = [];
    this.keeps = true;
    raw.on('update', (update) => {
      if (update._ === 'updateAuthorizationState') this.states.push(update.authorization_state);
      if (this.keeps) this.updates.push(update);
      for (const look of this.waiting) look(update);
    });
    raw.on('error', (error) => this.updates.push({ _: 'error', error }));
  }

  // From here on nothing is kept of what it is told.
  forget() {
    this.keeps = false;
    this.updates = [];
  }

  call(name, args = {}) {
    return within(patient, `answer to ${name}`, this.raw.invoke({ ...args, _: name })).catch((error) => {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    });
  }

  // The first update, told already or to come, that is so.
  heard(what, wanted, ms = patient) {
    return this.#first(what, (update) => update._ === what && wanted(update), ms);
  }
  #first(what, is, ms = patient) {
    const told = this.updates.find(is);
    if (told) return Promise.resolve(told);
    let look;
    const came = new Promise((resolve) => {
      look = (update) => is(update) && resolve(update);
      this.waiting.add(look);
    });
    return within(ms, what, came).finally(() => this.waiting.delete(look));
  }

  async state(...names) {
    const is = ({ _ }) => names.some((name) => _ === `authorizationState${name}`);
    return (await this.heard('updateAuthorizationState', ({ authorization_state: to }) => is(to))).authorization_state;
  }
  // What comes after this one.
  async #next(known) {
    if (this.states.length === known) {
      await this.heard('updateAuthorizationState', () => this.states.length > known);
    }
    return this.states.at(-1)._;
  }

  // As whoever has the number: the code is its data centre's number, five times.
  async signIn(phone, { password = 'sandbox', name = 'New' } = {}) {
    const steps = {
      authorizationStateWaitPhoneNumber: () => this.call('setAuthenticationPhoneNumber', { phone_number: phone }),
      authorizationStateWaitCode: () => this.call('checkAuthenticationCode', { code: phone[5].repeat(5) }),
      authorizationStateWaitPassword: () => this.call('checkAuthenticationPassword', { password }),
      authorizationStateWaitRegistration: () => this.call('registerUser', { first_name: name, last_name: '' }),
    };
    await this.state('WaitPhoneNumber');
    for (let state = this.states.at(-1)._; state !== 'authorizationStateReady';) {
      const known = this.states.length;
      if (!steps[state]) throw new Error(`no step leads on from ${state}`);
      await steps[state]();
      state = await this.#next(known);
    }
    return this.call('getMe');
  }

  // Sends it, and waits until the server has it.
  async send(chat_id, content) {
    const begun = await this.call('sendMessage', { chat_id, input_message_content: content });
    const end = await this.#first('end of sending', ({ _, old_message_id, message }) =>
      /^updateMessageSend(Succeeded|Failed)$/.test(_) && old_message_id === begun.id && message.chat_id === chat_id);
    if (end.error) throw new Error(`sendMessage: ${end.error.message}`);
    return end.message;
  }
  say(chat_id, text) {
    return this.send(chat_id, { _: 'inputMessageText', text: { _: 'formattedText', text } });
  }
  async hears(text) {
    return (await this.heard('updateNewMessage', ({ message }) => !message.is_outgoing && message.content.text?.text === text)).message;
  }

  close() {
    return within(patient, 'end', this.raw.close());
  }
}
