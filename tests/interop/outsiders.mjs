// The outsiders' table: a common life, step by step, of each client against a sandbox of its own. Which steps the
// client has no call for (–), which pass (✓), and what happened in the others; then what the sandbox did not play.
//
//   STREAMJSON_BUILD=build node tests/interop/outsiders.mjs [--bare] [NAME…]     # those whose names begin so
//
// Layers too old to come with the build are added as scheme files; with --bare they are not.
import { Client } from '../e2e/support/client.mjs';
import { Sandbox, within } from './support/sandbox.mjs';
import { chatSteps, history } from './outsiders/chat_steps.mjs';
import { gramjs, teleproto } from './outsiders/gramjs.mjs';
import { groupSteps } from './outsiders/group_steps.mjs';
import { mtcute } from './outsiders/mtcute.mjs';
import { mtprotoCore } from './outsiders/mtproto_core.mjs';
import { NoSuchCall } from './outsiders/plain.mjs';
import { rareSteps } from './outsiders/rare_steps.mjs';
import { endSteps, signInSteps } from './outsiders/sign_in_steps.mjs';
import { telethons } from './outsiders/telethon.mjs';

const steps = [...signInSteps, ...chatSteps, ...groupSteps, ...rareSteps, ...endSteps];
const bare = process.argv.includes('--bare');
const patient = 90_000;

// One client's life, with Grace, who is there all the time and is a client of the gateway.
class Life {
  constructor(outsider, sandbox, scope) {
    Object.assign(this, { outsider, sandbox, scope });
  }

  async begin() {
    this.graceClient = await Client.connect(this.sandbox.gateway.port);
    this.scope.after(() => this.graceClient.close());
    await this.graceClient.signIn('9996620002', { password: 'sandbox' });
    const { users } = await this.graceClient.call({ _cons: 'contacts.resolveUsername', username: 'ada_lovelace' });
    this.ada = { _cons: 'inputPeerUser', user_id: users[0].id, access_hash: users[0].access_hash };
    this.me = await this.newcomer();
  }
  newcomer() {
    return this.outsider.again().open(this.scope, this.sandbox);
  }

  // What an earlier step left.
  need(name) {
    if (this[name] === undefined) throw new Error('an earlier step is missing');
    return this[name];
  }
  async newest(peer) {
    return (await history(this, peer, 1))[0];
  }

  async graceSays(message, peer = this.ada) {
    this.said = (await this.graceClient.call({ _cons: 'messages.sendMessage', peer, message })).id;
  }
  graceEdits(message) {
    return this.graceClient.call({ _cons: 'messages.editMessage', peer: this.ada, id: this.said, message });
  }
  graceTypes() {
    return this.graceClient.call({ _cons: 'messages.setTyping', peer: this.ada, action: { _cons: 'sendMessageTypingAction' } });
  }
  async graceFinds(username) {
    const { chats } = await this.graceClient.call({ _cons: 'contacts.resolveUsername', username });
    return { _cons: 'inputPeerChannel', channel_id: chats[0].id, access_hash: chats[0].access_hash };
  }
}

async function take(life, [name, step]) {
  try {
    await within(patient, 'end', step(life));
    return '✓';
  } catch (error) {
    if (error instanceof NoSuchCall) return `– no ${error.message}`;
    if (process.env.OUTSIDERS_TRACE) console.error(name, error);
    return `${error.errorMessage ?? error.text ?? error.message}`.split('\n').filter(Boolean).slice(0, 2).join(' ').slice(0, 120);
  }
}

async function live(outsider) {
  const sandbox = await Sandbox.start(bare ? [] : outsider.schemes);
  const after = [];
  const life = new Life(outsider, sandbox, { after: (end) => after.unshift(end) });
  const marks = [];
  try {
    await life.begin();
    for (const step of steps) {
      marks.push(await take(life, step));
      console.error(`${outsider.name}: ${step[0]}: ${marks.at(-1)}`);
    }
  } finally {
    for (const end of after) await within(10_000, 'end', Promise.resolve(end())).catch(() => {});
  }
  const undone = await sandbox.close().then(() => [], (error) => error.message.split('\n'));
  return { title: `${life.me.name}, layer ${life.me.layer}`, marks, undone };
}

const only = process.argv.slice(2).filter((word) => word !== '--bare');
const outsiders = [mtcute, gramjs, teleproto, mtprotoCore, ...telethons]
  .filter(({ name }) => only.length === 0 || only.some((begin) => name.startsWith(begin)));
const lives = [];
if (outsiders.length === 0) throw new Error('there is no such client');
for (const outsider of outsiders) lives.push(await live(outsider));

const row = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
console.log(row(['step', ...lives.map(({ title }) => title)]));
console.log(row(['---', ...lives.map(() => '---')]));
steps.forEach(([name], i) => console.log(row([name, ...lives.map(({ marks }) => marks[i] ?? '')])));
console.log(row([`of ${steps.length}`, ...lives.map(({ marks }) => `${marks.filter((mark) => mark === '✓').length}`)]));
const undone = lives.flatMap((life) => life.undone.map((line) => `${life.title}: ${line}`));
console.log(undone.length === 0 ? '\nThe sandbox played all that was asked of it.'
  : `\nThe sandbox complained:\n\n${undone.join('\n')}`);
const whole = undone.length === 0 && lives.every(({ marks }) => marks.every((mark) => /^[✓–]/.test(mark)));
process.exit(whole ? 0 : 1);
