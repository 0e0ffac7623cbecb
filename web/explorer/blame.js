// Where in a request an error points: the field that Telegram's error names, and the lines of the
// JSON behind a pointer of the gateway's.
import { stringify } from '../client.js';

const PEERS = ['InputPeer', 'InputUser', 'InputChannel'];
const words = (name) => name.toLowerCase().split('_');
const singular = (word) => word.replace(/s$/, '');

// The name of the method's field that an error such as PEER_ID_INVALID is about.
export function fieldOf(method, error) {
  const said = words(error).map(singular);
  const named = method.fields
    .filter(
      (field) => field.name !== 'id' && words(field.name).every((word) => said.includes(singular(word))),
    )
    .sort((a, b) => words(b.name).length - words(a.name).length);
  const about = (pattern) => pattern.test(error);
  const id = method.fields.find(({ name }) => /^(id|msg_id)$/.test(name));
  const isPeer = (field) => PEERS.includes(field.type) || /^(chat|channel|user)_id$/.test(field.name);
  if (id && about(/^(MSG|MESSAGE)_ID/)) return id.name;
  if (named.length) return named[0].name;
  if (about(/^(PEER|CHAT|CHANNEL|USER|INPUT_USER|USER_IS|YOU_BLOCKED)/))
    return method.fields.find(isPeer)?.name;
  if (about(/^(PHOTO|IMAGE|FILE|VIDEO|DOCUMENT|MEDIA|POLL|WEBPAGE|STICKER)_/))
    return method.fields.find(({ type }) => /^Input(Media|File|ChatPhoto|SingleMedia|Document)$/.test(type))
      ?.name;
  return undefined;
}

const tokens = (pointer) =>
  pointer
    .split('/')
    .slice(2) // "", "message"
    .map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~'));

// [first, one past the last] line of stringify(value, 2) that holds what `pointer` names, or the
// nearest that is there; null for the whole.
export function linesOf(value, pointer) {
  const path = [];
  let there = value;
  for (const token of tokens(pointer)) {
    if (there === null || typeof there !== 'object' || !(token in there)) break;
    path.push(token);
    there = there[token];
  }
  if (!path.length) return null;
  const copy = structuredClone(value);
  const last = path.pop();
  path.reduce((node, token) => node[token], copy)[last] = '\u0001';
  const before = stringify(copy, 2).split('"\\u0001"')[0];
  const first = before.split('\n').length - 1;
  return [first, first + stringify(there, 2).split('\n').length];
}
