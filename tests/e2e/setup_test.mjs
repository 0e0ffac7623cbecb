// server/setup.sh: Debian's package manager as server/run and tests/run use it. The real apt-get and
// dpkg, with folders of their own and a package made here, wait for the real locks.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build, folder, patience, top } from './support/gateway.mjs';

const has = (program) => fs.existsSync(`/usr/bin/${program}`);
const skip = (build !== path.join(top, 'build') && 'it belongs to no build') ||
  (process.getuid() !== 0 && 'only root may install') || (!(has('apt-get') && has('dpkg-deb') && has('perl')) && 'no Debian here');
const probe = 'streamjson-probe';

// A package manager of its own: where it keeps everything, and how apt-get is told.
function world(t, { reachable = true } = {}) {
  const dir = folder(t);
  const file = (name, text = '') => {
    const at = path.join(dir, name);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.writeFileSync(at, text);
    return at;
  };
  file('package/DEBIAN/control', `Package: ${probe}\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n`);
  const deb = path.join(dir, 'source/probe.deb');
  fs.mkdirSync(path.dirname(deb));
  execFileSync('dpkg-deb', ['--root-owner-group', '-b', path.join(dir, 'package'), deb]);
  file('source/Packages', `Package: ${probe}\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\n` +
    `Filename: ./probe.deb\nSize: ${fs.statSync(deb).size}\nSHA256: ${createHash('sha256').update(fs.readFileSync(deb)).digest('hex')}\nDescription: x\n\n`);
  for (const name of ['lists/partial/', 'archives/partial/', 'root/var/lib/dpkg/updates/', 'root/var/lib/dpkg/info/',
    'root/var/log/', 'preferences/']) fs.mkdirSync(path.join(dir, name), { recursive: true });
  const status = file('root/var/lib/dpkg/status');
  file('root/var/lib/dpkg/available');
  const source = reachable ? `file:${dir}/source` : 'http://127.0.0.1:9/nothing';
  const config = file('apt.conf', `
    Dir::State "${dir}"; Dir::State::lists "${dir}/lists"; Dir::State::status "${status}";
    Dir::State::extended_states "${dir}/extended"; Dir::Cache "${dir}"; Dir::Cache::archives "${dir}/archives";
    Dir::Log "${dir}/root/var/log"; Dir::Etc::parts "/dev/null"; Dir::Etc::preferencesparts "${dir}/preferences";
    Dir::Etc::sourceparts "/dev/null"; Dir::Etc::sourcelist "${file('sources.list', `deb [trusted=yes] ${source} ./\n`)}";
    APT::Sandbox::User "root"; DPkg::Options { "--root=${dir}/root"; "--force-script-chrootless"; };
    DPkg::Pre-Install-Pkgs ""; DPkg::Post-Invoke ""; APT::Update::Post-Invoke "";\n`);
  const locks = { lists: `${dir}/lists/lock`, archives: `${dir}/archives/lock`, frontend: `${dir}/root/var/lib/dpkg/lock-frontend`,
    dpkg: `${dir}/root/var/lib/dpkg/lock` };
  return { config, locks, installed: () => fs.readFileSync(status, 'utf8').includes(`Package: ${probe}\nStatus: install ok installed`) };
}

// Another process that has a lock as dpkg and apt take theirs, by fcntl().
async function holder(t, file) {
  const child = spawn('perl', ['-MFcntl', '-e', `open(my $f, "+>>", $ARGV[0]) or die; my $whole = pack("s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0);
    fcntl($f, F_SETLK, $whole) or die; $| = 1; print "held"; sleep 600;`, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  await once(child.stdout, 'data');
  return child;
}

// need_packages of the probe; `before` is said in between.
function setup(t, config, before = '') {
  const child = spawn('bash', ['-c', `set -euo pipefail; top=${top}; . "$top/server/setup.sh"; ${before}
    need_packages ${probe}; say "went on"`], { env: { ...process.env, APT_CONFIG: config }, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill());
  const said = { text: '', status: null };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said.text += data));
  said.ended = once(child, 'close').then(([status]) => (said.status = status));
  return said;
}

async function until(said, pattern) {
  for (let i = 0; i < 600 * patience && !pattern.test(said.text); i++) {
    if (said.status !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.match(said.text, pattern);
}

for (const lock of ['lists', 'archives', 'frontend', 'dpkg']) {
  test(`where another process has the lock of ${lock} it waits, says for whom, and goes on`, { skip }, async (t) => {
    const { config, locks, installed } = world(t);
    const other = await holder(t, locks[lock]);
    const said = setup(t, config);
    await until(said, new RegExp(`^Waiting for the package manager.*${path.basename(locks[lock])}.*process ${other.pid} \\(perl\\)`, 'm'));
    assert.equal(said.status, null);
    assert.ok(!installed());
    other.kill();
    await said.ended;
    assert.equal(said.status, 0, said.text);
    assert.match(said.text, /^went on$/m);
    assert.equal(said.text.split('Waiting for').length - 1, 1, said.text);
    assert.ok(installed());
  });
}

test('without a network it says so at once and names the packages', { skip }, async (t) => {
  const { config } = world(t, { reachable: false });
  const begun = Date.now();
  const said = setup(t, config);
  await said.ended;
  assert.equal(said.status, 1);
  assert.match(said.text, new RegExp(`^Could not install: ${probe}.*is there a network\\?$`, 'm'));
  assert.ok(Date.now() - begun < 10_000 * patience);
});

test('a user without sudo is told the packages', { skip }, async (t) => {
  const { config } = world(t);
  const said = setup(t, config, 'id() { echo 1000; }; has() { [ "$1" != sudo ] && command -v "$1" >/dev/null; };');
  await said.ended;
  assert.equal(said.status, 1);
  assert.match(said.text, new RegExp(`^Missing packages: ${probe}\\. Install them as root`, 'm'));
});

test('a user whom sudo asks for a password without a terminal is told the packages', { skip }, async (t) => {
  const { config } = world(t);
  const said = setup(t, config, 'id() { echo 1000; }; has() { true; }; sudo() { false; };');
  await said.ended;
  assert.equal(said.status, 1);
  assert.match(said.text, new RegExp(`^Missing packages: ${probe}\\. Install them as root`, 'm'));
});

test('the Boost that is installed is one that the release has, and 1.81 at least', { skip }, () => {
  const packages = (release) => execFileSync('bash', ['-c', `set -euo pipefail; top=${top}; . "$top/server/setup.sh"
    boost_packages ${release}`], { encoding: 'utf8' }).split('\n').slice(0, -1);
  assert.deepEqual(packages('bookworm'), ['libboost1.81-dev', 'libboost-json1.81-dev']);
  for (const release of ['trixie', 'noble', '""']) assert.deepEqual(packages(release), ['libboost-dev', 'libboost-json-dev']);
});

test('a long build is told with its minutes, a short one is not', { skip }, async (t) => {
  const dir = folder(t);
  fs.mkdirSync(path.join(dir, 'x'));
  const out = () => execFileSync('bash', ['-c', `set -euo pipefail; top=${dir}; . "${top}/server/setup.sh"; nproc() { echo 4; }
    ninja() { seq 800; }; say_how_long x all 2>&1`], { encoding: 'utf8' });
  assert.equal(out(), 'Building x: 800 steps, about 14 minutes on 4 cores; later builds take seconds\n');
  fs.writeFileSync(path.join(dir, 'x/.ninja_log'), 'a step\n'.repeat(751));
  assert.equal(out(), '');
});
