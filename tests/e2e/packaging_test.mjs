// What is installed, in short: the pages, completions and files that the programs print of their own
// tables, and that `cmake --install` brings all of it. (tests/packages/run tries the packages themselves.)
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, build, folder, patience, run, signinCli, streamjson, top } from './support/gateway.mjs';

const programs = { streamjson, 'signin-cli': signinCli };
const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const missing = (command) => !has(command) && `there is no ${command} here`;
const printed = async (program, form) => {
  const { status, stdout, stderr } = await run(program, [`--help=${form}`]);
  assert.equal(status, 0, stderr);
  return stdout;
};

// Option names as --help has them.
const options = async (program) =>
  [...(await printed(program, 'true')).matchAll(/^ {2}--([a-z-]+)/gm)].map((found) => found[1]);

for (const [name, program] of Object.entries(programs)) {
  test(`the page for man of ${name} is well-formed and names every option`, { skip: missing('man') }, async (t) => {
    const file = path.join(folder(t), `${name}.1`);
    fs.writeFileSync(file, await printed(program, 'man'));
    const { status, stdout, stderr } = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-P', 'cat', file],
      { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '100', MAN_KEEP_FORMATTING: '' } });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
    for (const option of await options(program)) assert.ok(stdout.includes(`--${option}`), option);
  });

  for (const [shell, check] of [['bash', ['-n']], ['zsh', ['-n']], ['fish', ['-n']]]) {
    test(`${shell} can read how the options of ${name} are completed`, { skip: missing(shell) }, async (t) => {
      const file = path.join(folder(t), name);
      const text = await printed(program, shell);
      fs.writeFileSync(file, text);
      const { status, stderr } = spawnSync(shell, [...check, file], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      for (const option of await options(program)) assert.match(text, new RegExp(`(--|-l )${option}\\b`), option);
    });
  }
}

// What bash would offer for the last of the words.
function offered(file, words) {
  const script = `source ${file}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); ` +
    `COMP_CWORD=${words.length - 1}; _streamjson streamjson '${words.at(-1)}' '${words.at(-2)}'; ` +
    'printf "%s\\n" "${COMPREPLY[@]}"';
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

test('bash completes options, words and commands', async (t) => {
  const dir = folder(t);
  const file = path.join(dir, 'streamjson');
  fs.writeFileSync(file, await printed(streamjson, 'bash'));
  assert.deepEqual(offered(file, ['streamjson', '--tls-']), ['--tls-cert', '--tls-key']);
  assert.deepEqual(offered(file, ['streamjson', '--transport', 'a']), ['abridged']);
  assert.deepEqual(offered(file, ['streamjson', 'acc']), ['account']);
  assert.deepEqual(offered(file, ['streamjson', '--config', `${dir}/stre`]), [file]);
  assert.deepEqual(offered(file, ['streamjson', '--port', '']), []);
});

test('completions offer the commands that there are', async () => {
  const { stdout } = await run(streamjson, ['store', '--help']);
  const bash = await printed(streamjson, 'bash');
  for (const [group, least] of [['store', 3], ['account', 3], ['cluster', 1]]) {
    const verbs = [...stdout.matchAll(new RegExp(`^  streamjson ${group} (\\w+)`, 'gm'))].map((found) => found[1]);
    assert.ok(verbs.length >= least);
    const offers = new RegExp(`^ +${group}\\) .*-W "([^"]*)"`, 'm').exec(bash)[1].split(' ');
    assert.deepEqual(offers.sort(), verbs.sort());
  }
});

test('the file of options that is printed sets nothing, and is right', async (t) => {
  const file = path.join(folder(t), 'streamjson.conf');
  fs.writeFileSync(file, await printed(streamjson, 'conf'));
  const { status, stderr } = await run(streamjson, ['--config', file, '--check-config']);
  assert.equal(status, 0, stderr);
  // With the signs off each line names an option.
  const names = [...fs.readFileSync(file, 'utf8').matchAll(/^#([a-z-]+) = /gm)].map((found) => found[1]);
  const known = await options(streamjson);
  assert.ok(names.length > 40);
  assert.deepEqual(names.filter((name) => !known.includes(name)), []);
});

test('cmake --install brings all of it', { skip: missing('cmake') }, (t) => {
  const dir = folder(t);
  const cmake = (...args) => execFileSync('cmake', args, { stdio: 'pipe', encoding: 'utf8' });
  cmake('--build', build, '--target', 'package_files');
  cmake('--install', build, '--prefix', dir);
  for (const file of ['bin/streamjson', 'bin/signin-cli', 'share/man/man1/streamjson.1.gz', 'share/man/man1/signin-cli.1.gz',
    'share/man/man5/streamjson.conf.5.gz', 'share/bash-completion/completions/streamjson',
    'share/bash-completion/completions/signin-cli', 'share/zsh/vendor-completions/_streamjson',
    'share/fish/vendor_completions.d/signin-cli.fish', 'share/streamjson/api.tl', 'share/streamjson/mtproto.tl',
    'share/doc/streamjson/OPERATING.md', 'share/doc/streamjson/API.md', 'share/doc/streamjson/copyright',
    'lib/systemd/system/streamjson.service', 'lib/systemd/system/streamjson.socket', 'etc/streamjson/streamjson.conf']) {
    assert.ok(fs.statSync(path.join(dir, file)).size > 0, file);
  }
  const conf = fs.readFileSync(path.join(dir, 'etc/streamjson/streamjson.conf'), 'utf8');
  assert.match(conf, /^store = sqlite:\/var\/lib\/streamjson\/accounts\.db$/m);
  const said = execFileSync(path.join(dir, 'bin/streamjson'), ['--check-config'], { encoding: 'utf8', cwd: dir });
  assert.match(said, /in order/);
});

test('the unit exposes no more than 2.0', { skip: missing('systemd-analyze') }, () => {
  const unit = path.join(build, 'server/packaging/streamjson.service');
  const { status, stdout, stderr } = spawnSync('systemd-analyze',
    ['security', '--offline=yes', '--threshold=20', '--no-pager', unit], { encoding: 'utf8' });
  assert.equal(status, 0, stdout.slice(-2000) + stderr);
});

test('--health waits for no longer than 5 seconds where nobody answers', async (t) => {
  const mute = net.createServer(() => {}).listen(0, '127.0.0.1');
  t.after(() => mute.close());
  await once(mute, 'listening');
  const began = Date.now();
  const { status, stderr } = await run(streamjson, ['--health', '--port', `${mute.address().port}`], { ms: 30_000 * patience });
  assert.equal(status, 1);
  assert.match(stderr, /no streamjson that is ready at localhost:\d+: .*timed out/i);
  assert.ok(Date.now() - began >= 4_500);
});

test('--health is 0 while streamjson serves, on TCP, TLS and a socket file, else 1 with the reason', async (t) => {
  const dir = folder(t);
  execFileSync(path.join(top, 'certs/make-local'), ['--dir', dir], { stdio: 'pipe' });
  const tls = ['--tls-cert', `${dir}/server.pem`, '--tls-key', `${dir}/server.key`];
  for (const [args, port] of [[[], '0'], [tls, '0'], [['--listen', `unix:${dir}/socket`], null]]) {
    const gateway = await Gateway.start(['--sandbox', ...args], { port });
    const same = port === null ? args : [...args, '--port', `${gateway.port}`];
    const up = await run(streamjson, ['--health', ...same]);
    assert.deepEqual([up.status, up.stdout, up.stderr], [0, 'ready\n', ''], args.join(' '));
    await gateway.close();
    const down = await run(streamjson, [...same, '--health']);
    assert.equal(down.status, 1);
    assert.match(down.stderr, /no streamjson that is ready at .+: \S/);
  }
  const wrong = await run(streamjson, ['--health', '--prot', '1']);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /"port"/);
});

test('a credential of the service manager is a token file though its mode shows a group', async (t) => {
  const dir = folder(t);
  const { stdout } = await run(streamjson, ['token', 'new', 'alice']);
  fs.writeFileSync(`${dir}/tokens`, stdout, { mode: 0o440 });
  fs.chmodSync(`${dir}/tokens`, 0o440);
  const gateway = await Gateway.start(['--sandbox'], { env: { CREDENTIALS_DIRECTORY: dir } });
  t.after(() => gateway.close());
  const client = await Client.connect(gateway.port);
  t.after(() => client.close());
  assert.equal((await client.raw('{"id":1,"options":{}}\n')).error, 'Unauthorized');
  const refused = await run(streamjson, ['--port', '0', '--token-file', `${dir}/tokens`]);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /others may read or change it/);
});
