// What the browser keeps. A session only when the person ticked it (localStorage); a sign-in that
// is under way as long as its tab lives (sessionStorage), so that a reload needs no second code.
const read = (storage, name) => {
  try {
    return JSON.parse(storage.getItem(name));
  } catch {
    return null;
  }
};
const write = (storage, name, value) => {
  try {
    value === null ? storage.removeItem(name) : storage.setItem(name, JSON.stringify(value));
  } catch {
    // No storage here: nothing is kept.
  }
};

export const kept = () => read(localStorage, 'session');
export const keep = (value) => write(localStorage, 'session', value);
export const pending = () => read(sessionStorage, 'signin');
export const rememberPending = (value) => write(sessionStorage, 'signin', value);
// Who was signed in on this tab, to be offered again after a reload: a name and a number, no key.
export const lastSignIn = {
  get: () => read(sessionStorage, 'was'),
  set: (who) => write(sessionStorage, 'was', who),
};
// The name of the account of the gateway's that this tab speaks as.
export const accountStore = {
  get: () => read(sessionStorage, 'account'),
  set: (name) => write(sessionStorage, 'account', name),
};
export const tokenStore = {
  get: () => read(sessionStorage, 'token'),
  set: (token) => write(sessionStorage, 'token', token),
};
export const theme = {
  get: () => read(localStorage, 'theme') ?? 'auto',
  set: (value) => write(localStorage, 'theme', value),
};
// The last runs of the explorer: null where the person has not asked for that.
export const runStore = {
  get: () => read(localStorage, 'runs'),
  set: (runs) => write(localStorage, 'runs', runs),
};
