// A detour in a process of its own: `node detour.mjs PORT,PORT,PORT`, where the data centres 1 to 3 are, prints its own.
import { Detour } from '../../interop/tdlib/detour.mjs';

const ports = process.argv[2].split(',').map(Number);
const detour = await Detour.start(Object.fromEntries(ports.map((port, i) => [i + 1, port])));
console.log(detour.port);
