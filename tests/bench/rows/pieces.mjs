// The pieces, each beside its ceiling or floor in the same process, by Google Benchmark.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { signedIn } from '../support/crowd.mjs';
import { load, warm } from '../support/load.mjs';
import { figure, median, unit } from '../support/numbers.mjs';
import { apart, binary, using } from '../support/servers.mjs';

// Repeated in random order; { name: median of the CPU time in microseconds }.
export async function pieces(quick, names) {
  const { stdout } = await promisify(execFile)(binary('pieces'), [
    `--benchmark_filter=^(${names.join('|')})(/|$)`, '--benchmark_format=json',
    '--benchmark_enable_random_interleaving=true', `--benchmark_repetitions=${quick ? 5 : 15}`,
    `--benchmark_min_time=${quick ? 0.05 : 0.2}`], { maxBuffer: 1 << 26 });
  const { benchmarks } = JSON.parse(stdout);
  const wrong = benchmarks.find((one) => one.error_occurred);
  if (wrong) throw new Error(`${wrong.name}: ${wrong.error_message}`);
  return Object.fromEntries(names.map((name) => {
    const runs = benchmarks.filter((one) => one.run_type === 'iteration' && one.run_name.split('/')[0] === name);
    if (runs.length === 0) throw new Error(`nothing was measured of ${name}`);
    // Where a part is measured, that is what it calls its real time.
    const time = runs[0].run_name.endsWith('/manual_time') ? 'real_time' : 'cpu_time';
    return [name, median(runs.map((one) => one[time])) / 1000];
  }));
}

const gigabytes = (us) => `${figure(65536 / us / 1000)} GB/s`;

async function ige(quick) {
  const time = await pieces(quick, ['ige_encrypt', 'ige_decrypt', 'cbc_encrypt']);
  return ['encrypt', 'decrypt'].map((way) => {
    const ratio = time.cbc_encrypt / time[`ige_${way}`];
    return { what: `AES-256-IGE, 64 KiB, ${way}`, measured: gigabytes(time[`ige_${way}`]),
      beside: `AES-256-CBC encryption ${gigabytes(time.cbc_encrypt)}`, ratio, target: '≥ 0.95', met: ratio >= 0.95 };
  });
}

async function seal(quick) {
  const { seal_and_open_200: time } = await pieces(quick, ['seal_and_open_200']);
  return [{ what: 'seal + open of a 200-byte message', measured: unit(time, 'µs'), beside: '',
    target: '≤ 1.6 µs', met: time <= 1.6 }];
}

async function beside(quick, { what, ours, least, name, target }) {
  const time = await pieces(quick, [ours, least]);
  const ratio = time[ours] / time[least];
  return [{ what, measured: unit(time[ours], 'µs'), beside: `${name} ${unit(time[least], 'µs')}`, ratio,
    target: `≤ ${target}`, met: ratio <= target }];
}

// Of the whole gateway: what it takes for connections that come for a key of their own, less what
// it takes for the same with a key at hand. One connection at a time: what it is compared with is
// computed alone on the machine, and two cores that compute at once slow each other.
async function exchangeOfGateway(quick) {
  const connections = quick ? 20 : 100;
  return using(apart, ({ gateway }) => signedIn(gateway, connections, async (firsts) => {
    const opening = { port: gateway.port, pid: gateway.pid, connections, opening: 1, seconds: 0.1, 'warm-up': 0 };
    const cpu = async (first) => (await load({ ...opening, ...first })).opening_cpu_us[0];
    const ours = [], powers = [], client = [], rest = [];
    for (let i = 0; i < (quick ? 3 : 9); ++i) {
      rest.push(await cpu({ firsts }));
      ours.push(await cpu({ first: warm }) - rest.at(-1));
      const time = await pieces(true, ['key_exchange', 'two_powers']);
      powers.push(time.two_powers);
      client.push(time.key_exchange);
    }
    const ratio = median(ours) / median(powers);
    return [{ what: 'a key exchange\'s CPU on the gateway',
      measured: `${unit(median(ours), 'µs')} (computing alone ${figure(median(client))}; connections and a \`ping\` ${figure(median(rest))} more)`,
      beside: `two powers of 2048 bits ${unit(median(powers), 'µs')}`,
      ratio, target: '≤ 1.25', met: ratio <= 1.25 }];
  }, JSON.parse(warm).message));
}

export const rows = {
  ige,
  seal,
  'to-tl': (quick) => beside(quick, { what: 'JSON → TL, `messages.dialogs` with 100 of each', ours: 'json_to_tl',
    least: 'json_parse', name: '`boost::json::parse`', target: 0.6 }),
  'sent-to-tl': (quick) => beside(quick, { what: 'JSON → TL, a `messages.sendMessage` of 200 bytes', ours: 'sent_to_tl',
    least: 'sent_values_to_tl', name: 'by values', target: 0.5 }),
  'to-json': (quick) => beside(quick, { what: 'TL → JSON text of the same', ours: 'tl_to_json',
    least: 'json_serialize', name: '`boost::json::serialize`', target: 0.35 }),
  exchange: exchangeOfGateway,
};
