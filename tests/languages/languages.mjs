// The table of languages: what became of each life, in each notation.
//   node tests/languages/languages.mjs [--times N] [--notation NAME] [NAME…]     # those whose names begin so
import { combinations, due, notations } from './combinations.mjs';
import { Lives } from './life.mjs';

const args = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = args.indexOf(name);
  return at < 0 ? otherwise : args.splice(at, 2)[1];
};
const times = Number(option('--times', 12));
const only = option('--notation', null);
const wanted = (name) => args.length === 0 || args.some((begin) => name.toLowerCase().startsWith(begin.toLowerCase()));

const lives = await Lives.begin();
let wrong = 0;
console.log(`| ${['language, library', ...notations].join(' | ')} |\n|${' --- |'.repeat(notations.length + 1)}`);
for (const combination of combinations.filter(({ name }) => wanted(name))) {
  const cells = [], reasons = new Set();
  try {
    const command = await lives.prepare(combination);
    for (const notation of notations) {
      if (only && notation !== only) { cells.push(''); continue; }
      const ends = [];
      for (let i = 0; i < times; i++) ends.push(await lives.live(command, notation));
      cells.push(shown(ends));
      const fine = due(combination, notation);
      for (const end of ends.filter((end) => fine && !fine.includes(end))) reasons.add(`${notation}: ${end}`);
    }
  } catch (error) {
    reasons.add(error.message.slice(0, 300));
  }
  wrong += reasons.size > 0 ? 1 : 0;
  console.log(`| ${[combination.name, ...cells].join(' | ')} |`);
  for (const reason of reasons) console.log(`    ${reason}`);
}
await lives.end();
if (wrong > 0) console.log(`${wrong} of them live otherwise than server/API.md says`);
process.exitCode = wrong > 0 ? 1 : 0;

function shown(ends) {
  const count = (end) => ends.filter((one) => one === end).length;
  const written = count('written'), hint = count('hint'), refused = count('refused');
  const failed = ends.length - written - hint - refused;
  return [written && `${written} written`, hint && `${hint} with a hint`, refused && `${refused} refused with the cause`,
    failed && `${failed} failed`]
    .filter(Boolean).join(', ');
}
