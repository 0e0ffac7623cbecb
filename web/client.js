// The JavaScript client of streamjson: one file, no dependencies, for pages and for Node 18 or newer.
//
//   const tg = await connect();                                  in a page: its own origin
//   const tg = await connect("tcp://localhost:1543", {session})  in Node; also tls:, unix:, ws:, wss:
//   await tg.call("messages.sendMessage", {peer: "me", message: "hi"});
//   for await (const update of tg.updates()) …
//
// It speaks the `plain` notation: a long is a decimal string, bytes are base64, Bool is true or
// false. As arguments, bigint and Uint8Array do too.
//
// Five parts, from top to bottom: errors and JSON; the client; the sign-in dialogue; pages from
// elsewhere; transports.

// ---- errors and JSON

// Telegram refused: code 420, name "FLOOD_WAIT", value 30 for FLOOD_WAIT_30.
export class RpcError extends Error {
  constructor(reply, method = '') {
    super(reply.error_message + (method && ` (${method})`));
    this.code = reply.error_code;
    this.name = reply._name ?? String(reply.error_message).replace(/_\d+$/, '');
    const number = /_(\d+)$/.exec(reply.error_message);
    this.value = reply._value ?? (number ? Number(number[1]) : undefined);
    this.method = method;
    if (reply._random_id !== undefined) this.randomId = reply._random_id;
  }
}

// The gateway refused or lost the request: name "TypeError", "SchemeError", "OutcomeUnknown", …
// What else its reply holds (path, state, reason, limit) is here under the same name.
export class GatewayError extends Error {
  constructor(name, message, more = {}) {
    super(message);
    const { id, error, msg, ...rest } = more;
    Object.assign(this, rest);
    this.name = name;
  }
}

// No answer in time. `randomId`, where the gateway drew one, makes a second try the same message.
export class TimeoutError extends Error {
  constructor(message, reply = {}) {
    super(message);
    this.name = 'TimeoutError';
    if (reply._random_id !== undefined) this.randomId = reply._random_id;
  }
}

export const toBase64 = (bytes) => {
  if (typeof Buffer !== 'undefined')
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
};

export const fromBase64 = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

// JSON.parse would round integers above 2^53, such as a session_id: those become decimal strings.
export const parse = (text) =>
  JSON.parse(
    /\d{16}/.test(text)
      ? text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
          token[0] === '"' || token.length < 16 || /[.eE]/.test(token) || Number.isSafeInteger(Number(token))
            ? token
            : `"${token}"`,
        )
      : text,
  );

export const stringify = (value, space) =>
  JSON.stringify(
    value,
    function (key, given) {
      const raw = this[key]; // before a Buffer's toJSON
      if (typeof raw === 'bigint') return raw.toString();
      if (raw instanceof ArrayBuffer) return toBase64(new Uint8Array(raw));
      if (ArrayBuffer.isView(raw))
        return toBase64(new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength));
      return given;
    },
    space,
  );

// What people keep: the whole line of signin-cli, the object inside it, or another library's string.
const toSession = (session) => {
  if (typeof session !== 'string') return session?.session ?? session ?? undefined;
  const text = session.trim();
  if (!text.startsWith('{')) return { string: text };
  const line = parse(text);
  return line.session ?? line;
};

// Seconds for what names none, and a timer's longest.
const TIMEOUT = 60;
const LONGEST_TIMER = 2 ** 31 - 1;

// A request as it is sent, `id` first: what can't be read of it is refused under that. Throws where
// it would be no request.
function written(id, object, timeout, more) {
  if (object === null || typeof object !== 'object' || Array.isArray(object) || ArrayBuffer.isView(object))
    throw new TypeError('a request is an object');
  if (timeout !== undefined && timeout !== null && !(Number(timeout) >= 0))
    throw new TypeError('timeout: seconds are due, a number that is not negative');
  const { id: _, ...rest } = object;
  const seconds = timeout > 0 ? Math.min(timeout, 600) : rest.timeout; // the gateway's most
  const whole = { id, ...more, ...rest, timeout: seconds };
  const text = stringify(whole);
  if (typeof text !== 'string' || !text.startsWith(`{"id":${id}`))
    throw new TypeError('a request is an object that can be written as JSON');
  return { text, object: whole };
}

// ---- the client: requests and their replies, what comes unasked, a connection that is made anew

export async function connect(url, options = {}) {
  if (url !== null && typeof url === 'object' && !(url instanceof URL)) [url, options] = [undefined, url];
  const here = typeof location === 'object' && location.host ? location.origin : 'tcp://localhost:1543';
  const client = new Client(String(url ?? here), options);
  await client.ready;
  return client;
}

export class Client {
  #url;
  #settings;
  #link = null;
  #open = false;
  #opened = false; // ever
  #closed = null; // the error that every further call gets
  #nextId = 1;
  #requests = new Map();
  #listeners = new Map();
  #readers = new Set();
  #session;
  #name; // of the account that the gateway keeps, which we speak as
  #named = false; // on this connection
  #heard; // the number of the last update out of its log
  account = null; // what the gateway said of it last
  #askingSession = false;
  #spoke = false; // Telegram has been spoken to, so it should be again after a reconnect
  #failures = 0;
  #lostAt; // when the connection went that is to come back
  #retryTimer;
  #greeting; // the timer of a connection that is not open yet
  #settleReady;

  constructor(url, options) {
    const {
      session,
      account,
      token,
      server,
      options: connection,
      reconnect = true,
      timeout,
      WebSocket,
      tls,
      on,
    } = options;
    this.#url = url;
    this.#settings = { token, server, connection, reconnect, timeout, WebSocket, tls };
    this.#name = account?.name ?? account ?? undefined;
    this.#heard = account?.updates_after;
    this.#session = this.#name ? undefined : toSession(session);
    for (const [name, listener] of Object.entries(on ?? {})) this.on(name, listener);
    this.ready = new Promise((resolve, reject) => (this.#settleReady = { resolve, reject }));
    this.ready.catch(() => {});
    queueMicrotask(() => this.#closed || this.#dial()); // listeners may want to know the client
  }

  // The answer of a TL function. Rejects with RpcError, GatewayError, TimeoutError or signal.reason.
  async call(method, params = {}, { signal, timeout, dc, after } = {}) {
    const reply = await this.request(
      { message: { _cons: method, ...params, _cons: method }, dc, after },
      { signal, timeout },
    );
    const answer = reply.message;
    if (answer?._cons === 'rpc_error') throw new RpcError(answer, method);
    if (answer?._cons === 'rpc_timeout') throw new TimeoutError(`${method}: ${answer.error_message}`, answer);
    return answer;
  }

  // Any request object of the wire contract; `id` is added. The whole reply. Always settles.
  request(object, { signal, timeout = this.#settings.timeout } = {}) {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(this.#closed);
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const unnamed = this.#name && !this.#named;
      const entry = { ...written(id, object, timeout, unnamed && { account: this.#name }), sent: false };
      entry.after = object.account?.updates_after;
      const abort = () => entry.settle(reject, signal.reason);
      entry.settle = (how, value) => {
        this.#requests.delete(id);
        clearTimeout(entry.timer);
        signal?.removeEventListener('abort', abort);
        how(value);
      };
      entry.resolve = (reply) => entry.settle(resolve, reply);
      entry.reject = (error) => entry.settle(reject, error);
      // The gateway keeps the time; this one is for a gateway that is not there.
      const limit = timeout ?? entry.object.timeout ?? TIMEOUT + (Number(this.#settings.connection?.flood_wait) || 0);
      if (limit)
        entry.timer = setTimeout(
          () => entry.reject(new TimeoutError(`no answer within ${limit} s`)),
          Math.min(limit * 1000 + 1500, LONGEST_TIMER),
        );
      signal?.addEventListener('abort', abort, { once: true });
      this.#requests.set(id, entry);
      if (this.#open) this.#write(entry);
    });
  }

  // One step of a guided sign-in, such as {phone: "9996620001"}: the state that we are in now.
  async signin(step = {}, { session, ...options } = {}) {
    const reply = await this.request({ session: toSession(session), signin: step }, options);
    this.#spoke = true;
    return reply.signin;
  }

  // Signs in to the end. Each answer is a value, or a function that is called with the state and
  // gives one; functions are asked again after a mistake. Gives the user.
  //   phone, code, password, signUp ({first_name, last_name}), email, emailCode, botToken,
  //   qr(url, expires): called with every fresh QR text
  async signIn(answers, options = {}) {
    const state = this.#session || this.#name ? await this.signin({}, options) : { state: 'start' };
    return signInFrom(state, this, answers, options);
  }

  signOut(options) {
    return this.signin({ sign_out: true }, options);
  }

  // The session as it is now, for keeping: connect(url, {session}) opens it again. A named account's
  // is given to who shows a token with the word `export`.
  async session() {
    const own = { session: {} };
    const { session } = await this.request(this.#name ? { account: { name: this.#name, ...own } } : own);
    if (!session?.auth_key)
      throw new GatewayError('SessionError', session?.error_message ?? 'there is no session yet');
    return session;
  }

  // Goes on with another session; null forgets this one (the connection is made anew).
  async useSession(session) {
    if (this.#name) await this.request({ account: null });
    if (session) {
      try {
        return (await this.request({ session: toSession(session) })).session;
      } catch (error) {
        const others = error.name === 'SessionError' && /first object/.test(error.message);
        if (!others || !this.#settings.reconnect) throw error;
        // Others use it: a connection that begins with it shares theirs.
        this.#session = toSession(session);
        if (this.#link) this.#link.close();
        return this.session();
      }
    }
    this.#session = undefined;
    this.#spoke = false;
    if (this.#link) this.#link.close();
    return undefined;
  }

  async server(change = {}) {
    if (Object.keys(change).length) this.#settings.server = change;
    return (await this.request({ server: change })).server;
  }

  async options(change = {}) {
    this.#settings.connection = { ...this.#settings.connection, ...change };
    if (change.updates === false) this.#heard = undefined;
    return (await this.request({ options: change })).options;
  }

  // on("update" | "gone" | "connection" | "link" | "session" | "signin" | "sent" | "received", listener): off()
  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    this.#listeners.get(name).add(listener);
    return () => this.#listeners.get(name).delete(listener);
  }

  // What Telegram sends unasked, each object as it came, from now on, until the signal. With `after`,
  // as {update_seq, message}: those that a named account's log has behind that number, and then on.
  updates({ after, signal } = {}) {
    const log = after === undefined ? null : this.#log(after, () => reader);
    const abort = () => reader.end();
    const reader = updateReader(() => {
      this.#readers.delete(reader);
      signal?.removeEventListener('abort', abort);
      log?.leave();
    }, log);
    if (signal?.aborted) abort();
    else if (this.#closed) reader.end();
    else {
      signal?.addEventListener('abort', abort, { once: true });
      this.#readers.add(reader);
      if (log) log.read();
      else if (!this.#spoke && this.#session) this.#listen();
    }
    return reader;
  }

  // A connection has one place in the log, so a reader with its own place has a connection of its own.
  #log(after, reader) {
    const name = this.#name;
    if (!name) throw new TypeError('updates({after}) are of a named account: connect(url, {account})');
    const options = { ...this.#settings.connection, updates: true };
    let client = null;
    return {
      read: () => {
        if (client) return;
        client = new Client(this.#url, { ...this.#settings, options, account: { name, updates_after: after } });
        client.#opened = this.#opened; // where the gateway is away, it waits for it as we do
        client.on('update', (message, { update_seq }) => reader().push({ update_seq: (after = update_seq), message }));
        client.on('gone', (event) => ((after = event.oldest - 1), this.#emit('gone', event)));
        client.on('connection', ({ error }) => error && error.name !== 'Closed' && reader().end(error));
      },
      leave: () => {
        client?.close();
        client = null;
      },
    };
  }

  get connected() {
    return this.#open;
  }

  close() {
    this.#end(new GatewayError('Closed', 'the client was closed'));
  }

  // The connection: dialled, greeted, lost, dialled again.

  #dial() {
    this.#emit('connection', { state: 'connecting' });
    let link = null;
    let finished = false;
    let opened = false;
    const lost = (reason) => this.#link === link && this.#lost(reason);
    const handlers = {
      open: () => {
        opened = true;
        if (this.#link === link) this.#hello();
      },
      message: (text) => this.#link === link && this.#receive(text),
      close: (reason) => {
        if (finished) return;
        finished = true;
        if (opened || !visitorDecides(this.#url)) return lost(reason);
        permission(this.#url).then((state) => lost(state === 'denied' ? `${reason}; ${NOT_ALLOWED}` : reason));
      },
    };
    link = { send: () => {}, close: () => {} };
    this.#link = link;
    const limit = Math.min((this.#settings.timeout ?? TIMEOUT) * 1000 + 1500, LONGEST_TIMER);
    const late = async () => {
      const waits = () => this.#link === link && !this.#open;
      if (!waits()) return;
      if (!opened && visitorDecides(this.#url) && (await permission(this.#url)) === 'prompt') {
        if (waits()) this.#greeting = setTimeout(late, limit);
        return;
      }
      handlers.close('no answer in time');
      link.close();
    };
    clearTimeout(this.#greeting);
    if (limit > 1500) this.#greeting = setTimeout(late, limit);
    if (visitorDecides(this.#url))
      setTimeout(async () => {
        if (opened || finished || (await permission(this.#url)) !== 'prompt' || this.#link !== link) return;
        this.#emit('connection', { state: 'connecting', waits_for: 'visitor', reason: NOT_YET_ALLOWED });
      }, PATIENCE);
    dial(this.#url, this.#settings, handlers).then(
      (wire) => {
        if (this.#link !== link || finished) return wire.close();
        link.send = wire.send;
        link.close = () => {
          wire.close();
          handlers.close('closed here');
        };
        wire.start();
      },
      (error) => handlers.close(error.message),
    );
  }

  // The first object of a connection says who we are and how we speak.
  #hello(account = this.#heard === undefined ? this.#name : { name: this.#name, updates_after: this.#heard }) {
    const { token, server, connection } = this.#settings;
    const id = this.#nextId++;
    const options = { ...connection, json: 'plain' };
    const named = account ? { account } : { session: this.#session };
    const object = { id, token, server: server ?? undefined, options, ...named };
    const entry = { object, text: stringify(object), sent: false };
    entry.resolve = () => {
      this.#requests.delete(id);
      const again = this.#opened;
      this.#failures = 0;
      this.#lostAt = undefined;
      this.#open = this.#opened = true;
      clearTimeout(this.#greeting);
      this.#emit('connection', { state: 'open', again });
      this.#settleReady.resolve();
      for (const waiting of [...this.#requests.values()]) if (!waiting.sent) this.#write(waiting);
      if (this.#spoke && this.#session) this.#listen();
    };
    entry.reject = (error) => {
      this.#requests.delete(id);
      if (error.lost) return;
      // Nobody has signed in to it yet: the first step, which names it as all do until then, makes it.
      if (error.name === 'NoSuchAccount' && error.store !== false && typeof account === 'string')
        return this.#hello(null);
      this.#end(error);
    };
    this.#requests.set(id, entry);
    this.#write(entry);
  }

  // Telegram sends updates to those that have asked something since they came.
  #listen() {
    this.#spoke = true;
    this.call('updates.getState').catch(() => {});
  }

  #write(entry) {
    entry.sent = true;
    if (entry.object.message) this.#spoke = true;
    try {
      this.#link.send(entry.text);
    } catch (error) {
      return entry.reject(new GatewayError('ConnectionError', error.message));
    }
    this.#emit('sent', entry.object);
  }

  #receive(text) {
    let reply;
    try {
      reply = parse(text);
    } catch {
      return this.#link.close();
    }
    if (reply === null || typeof reply !== 'object') return this.#link.close();
    this.#emit('received', reply);
    if (reply.session?.auth_key && !this.#name) {
      this.#session = reply.session;
      this.#emit('session', reply.session);
    }
    if (reply.id === 0) return this.#push(reply);
    const entry = this.#requests.get(reply.id) ?? this.#only(reply);
    if (reply.error) {
      const error = new GatewayError(reply.error, reply.msg, reply);
      if (reply.error === 'Unauthorized') this.#end(error);
      else entry?.reject(error);
      return;
    }
    if (reply.account !== undefined) this.#speakAs(reply.account, entry?.after);
    entry?.resolve(reply);
    if (reply.message && !this.#name && !this.#session && !this.#askingSession) {
      this.#askingSession = true;
      this.request({ session: {} })
        .catch(() => {})
        .then(() => (this.#askingSession = false));
    }
  }

  // Where its log goes on after a reconnect: behind what was heard, or what there was when it was named.
  #speakAs(account, after) {
    const { name, state, update_seq: newest } = account ?? {};
    if (after !== undefined || name !== this.#name || state === 'start') this.#heard = after;
    this.account = account;
    this.#name = name;
    this.#named = Boolean(name);
    if (name) this.#session = undefined;
    if (state === 'done' && this.#settings.connection?.updates !== false)
      this.#heard = Math.min(this.#heard ?? newest, newest);
  }

  // Whose request could not be read at all is nobody's, unless there is one alone.
  #only(reply) {
    if (!reply.error || (reply.id !== -2 && reply.id !== -3)) return undefined;
    const sent = [...this.#requests.values()].filter((entry) => entry.sent);
    return sent.length === 1 ? sent[0] : undefined;
  }

  #push(reply) {
    if (reply.signin) this.#emit('signin', reply.signin);
    if (reply.signin?.state === 'done' && this.#name) this.request({ account: this.#name }).catch(() => {});
    if (reply.error === 'UpdatesGone') {
      this.#heard = reply.oldest - 1;
      this.#emit('gone', reply);
    }
    if (reply.connection) this.#emit('link', reply.connection);
    if (!reply.message) return;
    if (this.#name && reply.update_seq !== undefined) this.#heard = reply.update_seq;
    this.#emit('update', reply.message, reply);
    for (const reader of [...this.#readers]) if (!reader.log) reader.push(reply.message);
  }

  #lost(reason) {
    this.#open = this.#named = false;
    this.#link = null;
    clearTimeout(this.#greeting);
    const error = new GatewayError('OutcomeUnknown', `the connection was lost: ${reason}`, {
      reason,
      lost: true,
    });
    for (const entry of [...this.#requests.values()]) if (entry.sent) entry.reject(error);
    if (this.#closed) return;
    if (!this.#opened || !this.#settings.reconnect)
      return this.#end(new GatewayError('ConnectionError', `${this.#url}: ${reason}`, { reason }));
    this.#lostAt ??= Date.now();
    // A gateway that is started again is soon there.
    const longest = Date.now() - this.#lostAt < 30_000 ? 2 : 15;
    const retry_in = Math.min(longest, 0.25 * 2 ** this.#failures) * (0.75 + Math.random() / 2);
    this.#failures++;
    this.#emit('connection', { state: 'lost', reason, retry_in });
    this.#retryTimer = setTimeout(() => this.#dial(), retry_in * 1000);
  }

  #end(error) {
    if (this.#closed) return;
    this.#closed = error;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#greeting);
    const link = this.#link;
    this.#link = null;
    this.#open = false;
    link?.close();
    this.#settleReady.reject(error);
    for (const entry of [...this.#requests.values()]) entry.reject(error);
    for (const reader of [...this.#readers]) reader.end(error.name === 'Closed' ? undefined : error);
    this.#emit('connection', { state: 'closed', reason: error.message, error });
  }

  #emit(name, ...values) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener(...values);
      } catch (error) {
        // It is the listener's, and no promise waits for ever because of it.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

const UPDATES_KEPT = 10_000;

// The updates of one reader: an async iterator. What comes before it is asked for is kept, up to a
// bound. Behind that it is over; or what comes is left in the `log`, until all that was kept is taken.
function updateReader(onEnd, log) {
  const kept = [];
  let waiting = null;
  let over = null;
  const reader = {
    log,
    push(update) {
      if (waiting) {
        waiting.resolve({ value: update, done: false });
        waiting = null;
      } else if (kept.push(update) > UPDATES_KEPT) {
        if (log) return log.leave();
        reader.end(
          new GatewayError('Busy', `more than ${UPDATES_KEPT} updates were not taken`, {
            limit: UPDATES_KEPT,
          }),
        );
      }
    },
    end(error) {
      over ??= { error };
      onEnd();
      if (waiting) {
        const { resolve, reject } = waiting;
        waiting = null;
        error ? reject(error) : resolve({ value: undefined, done: true });
      }
    },
    next() {
      if (kept.length) return Promise.resolve({ value: kept.shift(), done: false });
      if (over) {
        const { error } = over;
        over = {};
        return error ? Promise.reject(error) : Promise.resolve({ value: undefined, done: true });
      }
      log?.read();
      return new Promise((resolve, reject) => (waiting = { resolve, reject }));
    },
    return() {
      reader.end();
      kept.length = 0;
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return reader;
    },
  };
  return reader;
}

// ---- the sign-in dialogue: each state is answered by a step, which leads to the next state

async function signInFrom(state, client, answers, options) {
  const ask = asker(answers);
  for (let first = true; state.state !== 'done'; first = false) {
    if (state.state === 'start' && !first && typeof answers.phone !== 'function')
      throw state.error
        ? new RpcError(state.error, 'signin')
        : new GatewayError('SigninError', 'the sign-in was cancelled', { state });
    if (state.state === 'qr') state = await showCode(state, client, answers, options.signal);
    else state = await client.signin(await stepFrom(state, answers, ask), options);
  }
  return state.user;
}

async function stepFrom(state, answers, ask) {
  switch (state.state) {
    case 'start':
      if (answers.qr) return { qr: true };
      if (answers.botToken) return { bot_token: await ask('botToken', state) };
      return { phone: await ask('phone', state) };
    case 'code':
      if (/^email/.test(state.type ?? '')) return { email_code: await ask('emailCode', state) };
      return { code: await ask('code', state) };
    case 'email':
      return { email: await ask('email', state) };
    case 'password':
      return { password: await ask('password', state) };
    case 'sign_up':
      return { ...(await ask('signUp', state)) };
    default:
      throw new GatewayError('SigninError', `sign-in ended in state "${state.state}"`, { state });
  }
}

// What gives an answer by its name. A value is given once: Telegram has refused it when it is due again.
function asker(answers) {
  const used = new Set();
  return async (name, state) => {
    const given = answers[name];
    if (state.error && used.has(name) && typeof given !== 'function')
      throw new RpcError(state.error, 'signin');
    used.add(name);
    const value = typeof given === 'function' ? await given(state) : given;
    if (value === undefined || value === null)
      throw new GatewayError('SigninError', `sign-in needs "${name}"`, { state });
    return value;
  };
}

// The state after a QR code, which may be scanned before the callback that draws it is through.
async function showCode(state, client, answers, signal) {
  const next = nextSignin(client, signal);
  next.catch(() => {});
  await answers.qr(state.url, state.expires);
  return next;
}

function nextSignin(client, signal) {
  return new Promise((resolve, reject) => {
    const done = (how, value) => {
      off();
      offClose();
      signal?.removeEventListener('abort', abort);
      how(value);
    };
    const abort = () => done(reject, signal.reason);
    const off = client.on('signin', (state) => done(resolve, state));
    const offClose = client.on('connection', (event) => {
      if (event.state === 'lost' || event.state === 'closed')
        done(reject, new GatewayError('OutcomeUnknown', 'the connection was lost'));
    });
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
}

// ---- pages from elsewhere

// Chromium, since 142, lets a page reach programs on its visitor's device, or in their network, only
// where the visitor allows it. Until they have answered nothing happens, without an event; where they
// refused, the connection fails at once, as if nobody were there.
const NOT_ALLOWED =
  'this browser keeps pages from elsewhere away from this device and its network: allow it in the settings of ' +
  'this site (the icon before its address), as "Access other apps and services on this device"';
const NOT_YET_ALLOWED = 'the browser asks whether this page may access other apps and services on this device';
const PATIENCE = 1000;

// 2: this device; 1: its network; 0: neither.
function nearness(name) {
  if (/^(localhost|.+\.localhost|127\.[\d.]+|\[::1\])$/.test(name)) return 2;
  return /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$|^\[f[cde][^\]]*\]$|\.local$/.test(name) ? 1 : 0;
}

function visitorDecides(address) {
  const page = globalThis.location?.hostname;
  return !!page && !!globalThis.navigator?.permissions && nearness(new URL(address).hostname) > nearness(page);
}

// "granted", "prompt", "denied"; undefined where the browser knows no such question.
async function permission(address) {
  const own = nearness(new URL(address).hostname) === 2 ? 'loopback-network' : 'local-network';
  for (const name of [own, 'local-network-access']) {
    try {
      return (await navigator.permissions.query({ name })).state;
    } catch {
      // An older name is known, or none.
    }
  }
  return undefined;
}

// ---- the transports: each gives {send(text), close(), start()}; start() lets the handlers be called

async function dial(address, settings, handlers) {
  const url = new URL(address);
  if (url.protocol === 'http:' || url.protocol === 'https:')
    url.protocol = url.protocol.replace('http', 'ws');
  if (url.protocol === 'ws:' || url.protocol === 'wss:') return dialWebSocket(url, settings, handlers);
  if (typeof process !== 'object' || !process.versions?.node)
    throw new Error(`${url.protocol} is for Node; a page has ws: and wss:`);
  if (url.protocol === 'tcp:') {
    const net = await import('node:net');
    return lines(() => net.connect({ host: host(url), port: Number(url.port || 1543) }), 'connect', handlers);
  }
  if (url.protocol === 'tls:') {
    const tls = await import('node:tls');
    const name = host(url);
    const servername = /^[\d.]+$|:/.test(name) ? undefined : name;
    return lines(
      () => tls.connect({ host: name, port: Number(url.port || 1543), servername, ...settings.tls }),
      'secureConnect',
      handlers,
    );
  }
  if (url.protocol === 'unix:') {
    const net = await import('node:net');
    return lines(() => net.connect({ path: decodeURIComponent(url.pathname) }), 'connect', handlers);
  }
  throw new Error(`unknown protocol ${url.protocol}`);
}

const host = (url) => url.hostname.replace(/^\[|\]$/g, '');

function dialWebSocket(url, settings, handlers) {
  const Socket = settings.WebSocket ?? globalThis.WebSocket;
  if (!Socket) throw new Error('there is no WebSocket here: pass one as {WebSocket}, or use tcp:');
  if (url.pathname === '/') url.pathname = '/ws';
  let socket;
  return {
    start() {
      socket = new Socket(url.href);
      let failure = '';
      socket.onopen = handlers.open;
      socket.onmessage = (event) => handlers.message(String(event.data));
      socket.onerror = (event) => (failure = event.message || '');
      socket.onclose = (event) =>
        handlers.close(
          event.reason ||
            failure ||
            (event.code === 1006 ? 'no connection' : `closed with code ${event.code}`),
        );
    },
    send: (text) => socket.send(text),
    close: () => socket?.close(),
  };
}

function lines(open, opened, handlers) {
  let socket;
  let rest = [];
  return {
    start() {
      socket = open();
      let failure = '';
      socket.setNoDelay?.(true);
      socket.setEncoding('utf8');
      socket.on(opened, handlers.open);
      socket.on('data', (text) => {
        const parts = text.split('\n');
        rest.push(parts[0]);
        if (parts.length === 1) return;
        const whole = [rest.join(''), ...parts.slice(1, -1)];
        rest = [parts.at(-1)];
        for (const line of whole) if (line.trim()) handlers.message(line);
      });
      socket.on('error', (error) => (failure = error.message || error.code));
      socket.on('close', () => handlers.close(failure || 'closed by the other side'));
    },
    send: (text) => socket.write(text + '\n'),
    close: () => socket?.destroy(),
  };
}
