// The HTTP API from Python's requests, as Debian has it.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Gateway, run, top } from './support/gateway.mjs';
import { keep, say } from './support/named.mjs';

let gateway;
before(async () => {
  gateway = await Gateway.start(['--sandbox', '--store', 'sqlite::memory:']);
  await keep(gateway);
  await say(gateway, 'the log has begun');
});
after(() => gateway.close());

test('a job calls, calls again, reads, is refused, and follows events', async () => {
  const { stdout, stderr } = await run('/usr/bin/python3', [path.join(top, 'tests/e2e/support/http_job.py'),
    `http://127.0.0.1:${gateway.port}/api/v1/ada`], { env: { PYTHONIOENCODING: 'utf-8' } });
  assert.deepEqual([stdout.split('\n'), stderr],
    [['Ada', '200 true True', 'True', '400 USERNAME_NOT_OCCUPIED', 'heard True', ''], '']);
});
