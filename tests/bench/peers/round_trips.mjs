// How long a call takes, one after the other; prints { version, p50_us }. The call throws where its
// answer is not the data centre's.
import { median } from '../support/numbers.mjs';

// What peers are told: { port, seconds, key: { pem, modulus, exponent, fingerprint } }
export const told = JSON.parse(process.argv[2] ?? '{}');

export async function tell(version, call) {
  const waits = [];
  const clock = () => Number(process.hrtime.bigint()) / 1000;
  for (let warm = 0; warm < 200; ++warm) await call();
  for (const end = clock() + told.seconds * 1e6; clock() < end;) {
    const begin = clock();
    const answer = await call();
    waits.push(clock() - begin);
    if ((answer.thisDc ?? 0) !== 2) throw new Error(`the wrong data centre: ${JSON.stringify(answer)}`);
  }
  console.log(JSON.stringify({ version, p50_us: median(waits) }));
}
