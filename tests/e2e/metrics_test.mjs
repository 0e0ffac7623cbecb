// /metrics by the rules of Prometheus, and what stands on it: the dashboard and the alert rules name
// nothing that is not there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './support/client.mjs';
import { Gateway, top } from './support/gateway.mjs';

const packaging = path.join(top, 'server/packaging');
const promtool = spawnSync('promtool', ['--version']).status === 0;
let gateway, page;

before(async () => {
  gateway = await Gateway.start();
  const client = await Client.connect(gateway.port);
  await client.call({ _cons: 'help.getNearestDc' });
  page = await (await fetch(`http://127.0.0.1:${gateway.port}/metrics`)).text();
  client.close();
});
after(() => gateway?.close());

// Each family with its type, its help and the names of its samples.
function families(text) {
  const out = new Map();
  for (const line of text.trimEnd().split('\n')) {
    const [, what, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (what) {
      out.set(name, { ...out.get(name), [what]: rest, samples: [] });
      continue;
    }
    const sample = /^[a-z_]+/.exec(line)[0];
    const family = [...out].at(-1);
    assert.ok(sample.startsWith(family[0]), `${line}: not of the family above it`);
    family[1].samples.push(sample);
  }
  return out;
}

// The metrics that an expression of Prometheus names: not what is a function, a label or a word of it.
function named(expression) {
  const bare = expression.replace(/"[^"]*"/g, '""').replace(/\{[^}]*\}/g, '')
    .replace(/\b(by|without|on|ignoring|group_left)\s*\([^)]*\)/g, '').replace(/\[[^\]]*\]/g, '');
  return [...bare.matchAll(/\b(streamjson|process|up|go)_?[a-z_]*/g)].map(([name]) => name);
}

test('each metric has help and a type, counters end in _total, units are base units', () => {
  for (const [name, { HELP, TYPE, samples }] of families(page)) {
    assert.match(HELP ?? '', /^[A-Z].*\.$/, name);
    assert.match(TYPE ?? '', /^(counter|gauge|histogram)$/, name);
    assert.equal(TYPE === 'counter', name.endsWith('_total'), name);
    assert.doesNotMatch(name, /milli|micro|minute|hour|kilo|mega|percent|[A-Z]/, name);
    assert.doesNotMatch(name, /_(count|sum|bucket|info_total)$/, name);
    assert.ok(samples.length > 0, `${name} has no sample`);
    const suffixes = new Set(samples.map((sample) => sample.slice(name.length)));
    assert.deepEqual([...suffixes].sort(), TYPE === 'histogram' ? ['_bucket', '_count', '_sum'] : [''], name);
  }
});

test('promtool finds nothing in the metrics and the rules', { skip: !promtool && 'there is no promtool here' }, () => {
  for (const [args, input] of [[['check', 'metrics'], page], [['check', 'rules', path.join(packaging, 'alerts.yml')]],
    [['test', 'rules', path.join(top, 'tests/packaging/alerts_test.yml')]]]) {
    const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
    if (input) assert.equal(stdout + stderr, '');
  }
});

test('the dashboard and the four alert rules name metrics that are there', () => {
  const there = new Set([...families(page)].flatMap(([name, { samples }]) => [name, ...samples]));
  const dashboard = JSON.parse(fs.readFileSync(path.join(packaging, 'grafana.json'), 'utf8'));
  const drawn = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const rules = fs.readFileSync(path.join(packaging, 'alerts.yml'), 'utf8');
  const alerts = rules.split(/^ *- alert: /m).slice(1);
  assert.equal(alerts.length, 4);
  const expressions = alerts.map((rule) => /expr:([^]*?)\n *for:/.exec(rule)[1]);
  for (const expression of [...drawn, ...expressions]) {
    const names = named(expression);
    assert.ok(names.length > 0, expression);
    for (const name of names) assert.ok(there.has(name), `${name} of ${expression}`);
  }
  // An outcome that is spelt wrong would never be counted.
  for (const [, outcomes] of rules.matchAll(/outcome=~"([^"]*)"/g)) {
    for (const outcome of outcomes.split('|')) assert.match(page, new RegExp(`outcome="${outcome}"`));
  }
});
