// Files as raw calls move them: parts of 512 KiB, eight in flight on one line.
import crypto from 'node:crypto';
import fs from 'node:fs';
import { Client } from '../../e2e/support/client.mjs';
import { folder } from '../../e2e/support/gateway.mjs';
import { stringify } from '../../e2e/support/json.mjs';
import { load } from '../support/load.mjs';
import { figure, median, unit } from '../support/numbers.mjs';
import { apart, relay, using } from '../support/servers.mjs';
import { pieces } from './pieces.mjs';

const part = 512 * 1024, size = 64 << 20;

// What SHA-256 takes of a megabyte, in milliseconds: OpenSSL's, here in this process.
function hashing() {
  const bytes = crypto.randomBytes(part), times = 64;
  const before = process.cpuUsage();
  for (let i = 0; i < times; i += 1) crypto.createHash('sha256').update(bytes).digest();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (times * part / 1e6);
}

// Asks for the parts of a file that is there, or sends those of one that is never put together.
async function ready(gateway, scratch) {
  const client = await Client.connect(gateway.port);
  const { session: { auth_key, dc, server_salt } } = await client.signIn('9996620001');
  const bytes = crypto.randomBytes(part).toString('base64');
  await client.call({ _cons: 'upload.saveFilePart', file_id: 100, file_part: 0, bytes });
  const { document } = (await client.call({ _cons: 'messages.uploadMedia', peer: 'me', media: { _cons: 'inputMediaUploadedDocument',
    mime_type: 'application/octet-stream', attributes: [], file: { _cons: 'inputFile', id: 100, parts: 1, name: 'x', md5_checksum: '' } } }));
  client.close();
  const { id, access_hash, file_reference } = document;
  const asked = { upload: { _cons: 'upload.saveBigFilePart', file_id: 101, file_part: 0, file_total_parts: size / part, bytes },
    download: { _cons: 'upload.getFile', offset: 0, limit: part,
      location: { _cons: 'inputDocumentFileLocation', id, access_hash, file_reference, thumb_size: '' } } };
  for (const [way, message] of Object.entries(asked)) fs.writeFileSync(`${scratch}/${way}`, stringify(message));
  return stringify({ id: 5, session: { auth_key, dc, server_salt }, message: { _cons: 'updates.getState' } });
}

async function files(quick) {
  const scratch = folder();
  try {
    return await using({ ...apart, relay: (running) => relay(running.gateway) }, async ({ gateway, relay: bare }) => {
      const first = await ready(gateway, scratch);
      const { ige_encrypt: ige } = await pieces(quick, ['ige_encrypt']);
      const cipher = ige / 1000 / (65536 / 1e6) + hashing(); // ms a megabyte
      const rows = [];
      for (const way of ['upload', 'download']) {
        const runs = [];
        for (let i = 0; i < (quick ? 2 : 5); i += 1) {
          const { cpu_us } = await load({ port: bare.port, first, message: `@${scratch}/${way}`, 'in-flight': 8, most: size / part,
            seconds: 60, pid: [gateway.pid, bare.pid] });
          runs.push(cpu_us.map((us) => us / 1000 / (part / 1e6)));
        }
        const [ours, copies] = [0, 1].map((i) => median(runs.map((run) => run[i])));
        const least = 2 * cipher + copies;
        rows.push({ what: `gateway CPU per MB of a file, ${way} in parts of 512 KiB, 8 in flight`, measured: unit(ours, 'ms'),
          beside: `AES-IGE and SHA-256 ${figure(cipher)}, a bare relay of the JSON ${unit(copies, 'ms')}`, ratio: ours / least,
          target: '≤ 2 × the cipher + the relay', met: ours <= least });
      }
      return rows;
    });
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

export const rows = { files };
