// Types of client.js. The shapes of Telegram's own methods come from the gateway, for the layer
// that it has loaded: save /types.d.ts beside this file and
//
//   import type { Methods } from "./types.js";
//   const tg = await connect<Methods>();

/** Parameters and result of each method. */
export type MethodTable = Record<string, { params: object; result: unknown }>;
export interface AnyMethods {
  [method: string]: { params: Record<string, unknown>; result: any };
}

/** A TL object in the `plain` notation: long as decimal string, bytes as base64. */
export interface TlObject {
  _cons: string;
  [field: string]: unknown;
}

/** What Telegram sends unasked: its type Updates, whose constructors are the same in every layer. */
export type Pushed =
  | {
      _cons: 'updates' | 'updatesCombined';
      updates: TlObject[];
      users: TlObject[];
      chats: TlObject[];
      date: number;
      seq: number;
      seq_start?: number;
    }
  | { _cons: 'updateShort'; update: TlObject; date: number }
  | ({ _cons: 'updateShortMessage'; id: number; user_id: string; message: string } & ShortMessage)
  | ({
      _cons: 'updateShortChatMessage';
      id: number;
      from_id: string;
      chat_id: string;
      message: string;
    } & ShortMessage)
  | ({ _cons: 'updateShortSentMessage'; id: number; media?: TlObject } & ShortMessage)
  | { _cons: 'updatesTooLong' };
interface ShortMessage {
  out?: true;
  pts: number;
  pts_count: number;
  date: number;
  entities?: TlObject[];
  [field: string]: unknown;
}

/** The same as the layer's own types have it, where `M` is their `Methods`. */
export type UpdatesOf<M> = M extends { 'messages.sendMessage': { result: infer Result } }
  ? 0 extends 1 & Result
    ? Pushed
    : Result
  : Pushed;

/** What may be passed where `T` is due: numbers for a long, a Uint8Array for bytes. */
export type Argument<T> = T extends `${bigint}`
  ? string | number | bigint
  : T extends string
    ? string extends T
      ? string | Uint8Array
      : T
    : T extends readonly (infer Item)[]
      ? Argument<Item>[]
      : T extends object
        ? { [Key in keyof T]: Argument<T[Key]> }
        : T;

export interface Session {
  /** base64 of 256 bytes. Whoever has it is signed in: keep it secret. */
  auth_key: string;
  session_id: string | number;
  last_seqno?: number;
  dc?: number;
  server_salt?: string | number;
  api_id?: number;
  user_id?: string | number;
  [more: string]: unknown;
}

/** The object, the whole line of `signin-cli`, or a session string of another library. */
export type SessionInput =
  Partial<Session> | { string: string } | { id?: unknown; session: Partial<Session> } | string;

export interface Server {
  host?: string;
  port?: number;
  rsa?: string;
  dc?: number;
  telegram?: 'production' | 'test' | 'sandbox' | 'custom';
  accounts?: Account[];
  /** The gateway keeps accounts under names. */
  store?: boolean;
  /** What the token that was shown allows, in the words of its line; absent where none is wanted. */
  scope?: string[];
  [more: string]: unknown;
}

/** Whom the operator lets a person sign in as: a sandbox's accounts. */
export interface Account {
  name?: string;
  phone?: string;
  code?: string;
  password?: string;
  bot_token?: string;
}

/** An account that the gateway keeps. */
export interface NamedAccount {
  name: string;
  /** That of its sign-in: "done" where somebody is signed in. */
  state: SigninState['state'];
  user?: { id: string };
  dc: number;
  /** The number of the newest update in its log. */
  update_seq: number;
}

/** An update out of a named account's log, and its number there. */
export interface LoggedUpdate<Message = Pushed> {
  update_seq: number;
  message: Message;
}

export interface ConnectionOptions {
  layer?: number;
  updates?: boolean | 'recover';
  unknown?: 'refuse' | 'ignore';
  events?: boolean;
  flood_wait?: number;
  pfs?: boolean;
  max_message?: number;
  api_id?: number;
  api_hash?: string | boolean;
  device_model?: string;
  system_version?: string;
  app_version?: string;
  lang_code?: string;
}

export type SigninState = { error?: RpcErrorObject } & (
  | { state: 'start'; future_auth_token?: string }
  | {
      state: 'code';
      phone: string;
      phone_code_hash: string;
      type: string;
      length?: number;
      next_type?: string;
      timeout?: number;
      pattern?: string;
      email_pattern?: string;
      reset_available_period?: number;
      reset_pending_date?: number;
    }
  | {
      state: 'payment';
      phone: string;
      phone_code_hash: string;
      store_product: string;
      support_email_address: string;
      support_email_subject: string;
      premium_days?: number;
      currency?: string;
      amount?: number | string;
    }
  | { state: 'password'; hint?: string; has_recovery?: boolean; email_pattern?: string; pending_reset_date?: number }
  | { state: 'email'; reason?: string; phone?: string; phone_code_hash?: string }
  | { state: 'sign_up'; terms?: TlObject; phone?: string; phone_code_hash?: string }
  | { state: 'qr'; url: string; expires: number }
  | { state: 'other'; object: TlObject }
  | {
      state: 'done';
      user: TlObject;
      setup_password_required?: true;
      otherwise_relogin_days?: number;
      future_auth_token?: string;
      reset_password?: TlObject;
    }
);

export interface SigninStep {
  phone?: string;
  phone_code_hash?: string;
  /** Up to 20 `future_auth_token`s of earlier replies. */
  logout_tokens?: string[];
  code?: string;
  password?: string;
  first_name?: string;
  last_name?: string;
  email?: string;
  email_code?: string;
  resend?: true;
  cancel?: true;
  recover?: true;
  recovery_code?: string;
  qr?: true;
  bot_token?: string;
  sign_out?: true;
  reset_email?: true;
  reset_password?: true;
  form_id?: number | string;
}

export interface RpcErrorObject {
  _cons: 'rpc_error';
  error_code: number;
  error_message: string;
  _name?: string;
  _value?: number;
}

type Answer<T> = T | ((state: SigninState) => T | Promise<T>);
export interface SigninAnswers {
  phone?: Answer<string>;
  code?: Answer<string>;
  password?: Answer<string>;
  signUp?: Answer<{ first_name: string; last_name?: string }>;
  email?: Answer<string>;
  emailCode?: Answer<string>;
  botToken?: Answer<string>;
  /** Called with every fresh `tg://login?token=…` to be drawn, and when it runs out (unix seconds). */
  qr?: (url: string, expires: number) => void | Promise<void>;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Seconds, connecting and key exchange included; 0: no limit here. */
  timeout?: number;
}

export interface ClientOptions {
  session?: SessionInput;
  /** Speaks as an account that the gateway keeps, without a session; its updates from that number on. */
  account?: string | { name: string; updates_after?: number } | null;
  /** Where the gateway wants one. */
  token?: string;
  /** Which Telegram this connection speaks to. */
  server?: Partial<Server>;
  options?: ConnectionOptions;
  /** Default true: a lost connection is made anew, with its session. */
  reconnect?: boolean;
  /** Seconds for every call that names none: 60, and what `flood_wait` allows. 0: no limit here. */
  timeout?: number;
  /** For ws: and wss: where there is no global one. */
  WebSocket?: new (url: string) => any;
  /** For tls: in Node, such as {ca}. */
  tls?: object;
  on?: { [Name in keyof Events]?: Events[Name] };
}

export interface Events<M = AnyMethods> {
  update: (message: UpdatesOf<M>, whole: { id: 0; message: UpdatesOf<M>; update_seq?: number }) => void;
  /** Updates that were to come are kept no more, or the log began anew: it goes on with `oldest`. */
  gone: (event: { id: 0; error: 'UpdatesGone'; msg: string; oldest: number }) => void;
  connection: (event: {
    state: 'connecting' | 'open' | 'lost' | 'closed';
    again?: boolean;
    /** The browser asks its visitor whether this page may; nothing happens before they answer. */
    waits_for?: 'visitor';
    reason?: string;
    retry_in?: number;
    error?: Error;
  }) => void;
  /** The gateway's own link to Telegram, with `options: {events: true}`. */
  link: (event: { dc: number; state: string; retry_in?: number; reason?: string }) => void;
  session: (session: Session) => void;
  signin: (state: SigninState) => void;
  sent: (object: any) => void;
  received: (object: any) => void;
}

export declare class RpcError extends Error {
  constructor(reply: RpcErrorObject, method?: string);
  readonly code: number;
  /** Without its number: "FLOOD_WAIT". */
  readonly name: string;
  readonly value?: number;
  readonly method: string;
  readonly randomId?: unknown;
}

export declare class GatewayError extends Error {
  constructor(name: string, message: string, more?: object);
  readonly name: string;
  readonly path?: string;
  readonly state?: unknown;
  readonly reason?: string;
  readonly limit?: number;
}

export declare class TimeoutError extends Error {
  readonly name: 'TimeoutError';
  readonly randomId?: unknown;
}

export declare class Client<M = AnyMethods> {
  constructor(url: string, options: ClientOptions);
  readonly ready: Promise<void>;
  readonly connected: boolean;
  /** As the gateway told it last; null where no account is named, or nobody has signed in to it yet. */
  readonly account: NamedAccount | null;
  call<Name extends keyof M & string>(
    method: Name,
    params?: M[Name] extends { params: infer P } ? Argument<P> : object,
    options?: CallOptions & { dc?: number; after?: (number | string)[] },
  ): Promise<M[Name] extends { result: infer R } ? R : any>;
  request(object: object, options?: CallOptions): Promise<any>;
  signin(step?: SigninStep, options?: CallOptions & { session?: SessionInput }): Promise<SigninState>;
  signIn(answers: SigninAnswers, options?: CallOptions): Promise<TlObject>;
  signOut(options?: CallOptions): Promise<SigninState>;
  session(): Promise<Session>;
  useSession(session: SessionInput | null): Promise<Session | undefined>;
  server(change?: Partial<Server>): Promise<Server>;
  options(change?: ConnectionOptions): Promise<ConnectionOptions>;
  on<Name extends keyof Events>(name: Name, listener: Events<M>[Name]): () => void;
  /** Ends with its signal, or when the client is closed. */
  updates(options?: { after?: undefined; signal?: AbortSignal }): AsyncIterableIterator<UpdatesOf<M>>;
  /** A named account's log behind that number, then what comes. Waits for who takes them slowly. */
  updates(options: { after: number; signal?: AbortSignal }): AsyncIterableIterator<LoggedUpdate<UpdatesOf<M>>>;
  close(): void;
}

/** In a page without a URL: its own origin. In Node without one: tcp://localhost:1543. */
export declare function connect<M = AnyMethods>(
  url?: string | URL,
  options?: ClientOptions,
): Promise<Client<M>>;
export declare function connect<M = AnyMethods>(options: ClientOptions): Promise<Client<M>>;

/** JSON that keeps integers above 2^53, as decimal strings. */
export declare function parse(text: string): any;
/** JSON that takes bigint and Uint8Array. */
export declare function stringify(value: unknown, space?: number | string): string;
export declare function toBase64(bytes: Uint8Array): string;
export declare function fromBase64(text: string): Uint8Array;
