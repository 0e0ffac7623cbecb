// /api/v1 of this gateway: the accounts that it keeps.
import { http } from '../gateway.js';
import { parse } from '../client.js';

export const A_NAME = /^[a-z0-9._-]{1,64}$/;
export const NAME_DUE = '1 to 64 of a–z, 0–9, dot, _ and -';

// What the gateway answers, or its refusal as an Error: name, and what else it says of it.
async function ask(method, path, body, signal) {
  const response = await http(`/api/v1${path}`, { method, body, signal });
  const reply = parse(await response.text());
  if (reply.ok) return reply;
  const { description, error, ...rest } = reply;
  throw Object.assign(new Error(description), rest, { name: error ?? description });
}
const result = async (...request) => (await ask(...request)).result;

export const accounts = () => result('GET', '');
export const account = (name) => result('GET', `/${name}`);
export const setKeep = (name, keep) => result('PATCH', `/${name}`, { keep });
export const signOut = (name) => result('DELETE', `/${name}`);
export const webhooks = (name) => result('GET', `/${name}/webhooks`);
export const putWebhook = (name, webhook, what) => result('PUT', `/${name}/webhooks/${webhook}`, what);
export const removeWebhook = (name, webhook) => result('DELETE', `/${name}/webhooks/${webhook}`);
// {result: [{update_seq, message}], after}
export const updates = (name, query, signal) =>
  ask('GET', `/${name}/updates?${new URLSearchParams(query)}`, undefined, signal);

// The styles of these pages, which nobody else needs. Resolves once they are there.
let styled = null;
export function styles() {
  styled ??= new Promise((resolve) => {
    const link = document.createElement('link');
    Object.assign(link, { rel: 'stylesheet', href: '/accounts/accounts.css', onload: resolve, onerror: resolve });
    document.head.append(link);
  });
  return styled;
}
