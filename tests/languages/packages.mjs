// Debian's packages that the programs want: `cheap`, those that `tests/run languages` runs, or `all`; `websockets` for
// the WebSocket clients.
import { clients } from './web_sockets.mjs';
import { combinations } from './combinations.mjs';
import { netcats } from './netcats.mjs';

const which = process.argv[2];
const wanted = which === 'websockets' ? clients
  : combinations.filter(({ cheap }) => cheap || which === 'all');
const packages = wanted.flatMap((one) => one.packages);
if (which !== 'websockets') packages.push(...netcats.map((netcat) => netcat.package), 'bsdutils');
// Where the command is there it need not be Debian's.
const commands = { nodejs: 'node', npm: 'npm', python3: 'python3', perl: 'perl', ruby: 'ruby', curl: 'curl', gcc: 'cc',
  'g++': 'g++', bsdutils: 'script', 'golang-go': 'go' };
console.log([...new Set(packages)].sort()
  .map((name) => (commands[name] ? `${name}:${commands[name]}` : name)).join('\n'));
