// A session out of another program's files: chosen or dropped, read by the gateway (POST /import), and
// used once the person has seen whose it is. `used()` is called when somebody is signed in by it.
import { field, fill, h } from '../ui/dom.js';
import { http, useSession } from '../gateway.js';
import { toBase64 } from '../client.js';
import { inWords } from '../ui/words.js';
import { form } from './steps.js';

const longest = 12 << 20; // of all files together: the gateway takes a body of 16 MiB
const elsewhere = 'On the machine where the files are, signin-cli --import reads them.';

// Folders hold gigabytes of caches. By the file that tells whose folder it is: what is read of it.
const KINDS = [
  [/(^|\/)key_datas$/, /^(key_datas|[0-9A-F]{16}(s|\/configs))$/],
  [/(^|\/)td(_test)?\.binlog$/, /^td(_test)?\.binlog$/],
  [/authKey$/, /^[^/]*(authKey|dcId)$/],
];
function whatMatters(files) {
  for (const [sign, wanted] of KINDS) {
    const path = files.find(([path]) => sign.test(path))?.[0];
    if (!path) continue;
    const front = path.slice(0, path.lastIndexOf('/') + 1);
    return files.filter(([path]) => path.startsWith(front) && wanted.test(path.slice(front.length)));
  }
  return files;
}

// [path, File] of all that was dropped, as far down as a session lies.
async function walk(entry, deep = 0) {
  const from = (method, of) => new Promise((yes, no) => of[method](yes, no));
  if (entry.isFile) return [[entry.fullPath.slice(1), await from('file', entry)]];
  if (deep > 3 || /^(user_data|emoji|.*cache)/.test(entry.name)) return [];
  const reader = entry.createReader();
  const found = [];
  for (let some; (some = await from('readEntries', reader)).length && found.length < 4096;)
    for (const one of some) found.push(...(await walk(one, deep + 1)));
  return found;
}

export function fromFile(used) {
  const state = h('div.api');
  const say = (...what) => fill(state, ...what);
  const fail = (text) => say(h('p.problem', { role: 'alert' }, text));

  async function take(all) {
    const chosen = whatMatters(all);
    const size = chosen.reduce((sum, [, file]) => sum + file.size, 0);
    if (!chosen.length) return fail('There is no file in it.');
    if (size > longest) {
      const [name] = chosen.reduce((a, b) => (a[1].size < b[1].size ? b : a));
      return fail(`These files are longer than 12 MB together, ${name} most of all. ${elsewhere}`);
    }
    say(h('p', { role: 'status' }, 'Reading…'));
    try {
      const files = {};
      for (const [path, file] of chosen) files[path] = toBase64(new Uint8Array(await file.arrayBuffer()));
      await read({ files });
    } catch (error) {
      fail(inWords(error));
    }
  }

  async function read(request) {
    const reply = await (await http('/import', { method: 'POST', body: request })).json();
    if (reply.session) show(reply);
    else if (reply.choices) choose(request, reply.choices);
    else if (reply.wants) passcode(request, reply.msg);
    else fail(reply.msg ?? 'The gateway has no answer to this.');
  }
  const again = (request) => read(request).catch((error) => fail(inWords(error)));

  function passcode(request, why) {
    const input = field({ label: 'Its passcode', type: 'password', autocomplete: 'off' });
    say(form(input.element, () => again({ ...request, passcode: input.input.value }), 'Open it'));
    input.fail(request.passcode === undefined ? '' : why);
    input.input.focus();
  }

  function choose(request, choices) {
    const pick = (name, at) => h('button', { onclick: () => again({ ...request, choice: at + 1 }) }, name);
    say(h('p', 'Which account?'), h('div.row', choices.map(pick)));
    state.querySelector('button').focus();
  }

  function show({ session, library, user_id, notes }) {
    const use = async () => {
      try {
        if ((await useSession(session)).state === 'done') return used();
        fail('Nobody is signed in with this session.');
      } catch (error) {
        fail(inWords(error));
      }
    };
    const button = h('button.primary', { onclick: use }, 'Use this session');
    say(
      h('p', `A session of ${library}, data centre ${session.dc}${user_id ? `, user ${user_id}` : ''}.`),
      notes.map((note) => h('p.note', note)),
      h('div.row', button),
    );
    button.focus();
  }

  const input = (label, note, more) => {
    const made = field({ label, note, type: 'file', multiple: true, ...more });
    made.input.addEventListener('change', ({ target }) => {
      take([...target.files].map((file) => [file.webkitRelativePath || file.name, file]));
      target.value = '';
    });
    return made.element;
  };
  const zone = h(
    'div.drop',
    input('A file', 'A database with what lies beside it (-wal, -journal), or td.binlog.'),
    input('A folder', 'Telegram Desktop’s tdata, or that of GramJS or TDLib.', { webkitdirectory: true }),
    h('p.note', 'Or drop it here.'),
  );
  const over = (is) => (event) => {
    event.preventDefault();
    zone.classList.toggle('over', is);
  };
  zone.addEventListener('dragover', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', (event) => {
    over(false)(event);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    Promise.all(entries.map((entry) => walk(entry))).then(
      (found) => take(found.flat()),
      (error) => fail(inWords(error)),
    );
  });
  const lead =
    'Telethon, Pyrogram, GramJS, mtcute, TDLib and Telegram Desktop keep a session on disk. End that program first.';
  return [h('p.lead', lead), zone, state];
}
