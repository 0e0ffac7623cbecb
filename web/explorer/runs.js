// The last runs: what was asked, what came. Kept in the page; across reloads only where the person
// wants that, and then without keys, codes and passwords, and without answers that are long.
import { stringify } from '../client.js';
import { blank } from '../wire_log.js';
import { runStore } from '../store.js';

const KEPT = 50;
const LONG = 20_000; // characters of an answer that is kept across a reload
const SECRET_METHODS = /^(auth|account\.(getPassword|updatePassword|confirmPassword|getTmpPassword))/;

const stored = runStore.get();
export const runs = Array.isArray(stored) ? stored : [];
let number = runs.reduce((most, run) => Math.max(most, run.number ?? 0), 0);
let wanted = stored !== null;
const listeners = new Set();
export const subscribe = (listener) => (listeners.add(listener), () => listeners.delete(listener));

export const isKept = () => wanted;
export function keepRuns(is) {
  wanted = is;
  write();
}

// {method, request, answer or error, took}
export function add(run) {
  runs.unshift({ number: ++number, at: Date.now(), ...JSON.parse(stringify(run)) });
  runs.length = Math.min(runs.length, KEPT);
  write();
  listeners.forEach((listener) => listener());
}

export function clear() {
  runs.length = 0;
  write();
  listeners.forEach((listener) => listener());
}

function write() {
  runStore.set(wanted ? runs.filter((run) => !SECRET_METHODS.test(run.method)).map(short) : null);
}
function short(run) {
  const { answer, request, ...rest } = run;
  const safe = { ...rest, request: blank(request) };
  const text = answer === undefined ? '' : JSON.stringify(blank(answer));
  return text && text.length <= LONG ? { ...safe, answer: JSON.parse(text) } : safe;
}
