// A SOCKS5 proxy that leads what is meant for Telegram's test data centres to the sandbox's, what is meant for
// loopback there, and nothing to anywhere else. RFC 1928
import net from 'node:net';

// What TDLib has compiled in; the addresses that it learns from help.getConfig are the sandbox's own.
const dataCentres = { '149.154.175.10': 1, '149.154.167.40': 2, '149.154.175.117': 3 };
const nobodyToAsk = Buffer.from([5, 0]), done = Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]);

// Collects a request's bytes until all are there.
function reader(socket) {
  let bytes = Buffer.alloc(0), wanted = Infinity, given;
  const look = () => {
    if (bytes.length < wanted) return;
    const part = bytes.subarray(0, wanted);
    bytes = bytes.subarray(wanted);
    wanted = Infinity;
    given(part);
  };
  const add = (data) => {
    bytes = Buffer.concat([bytes, data]);
    look();
  };
  socket.on('data', add);
  return {
    take: (size) => new Promise((resolve) => {
      [wanted, given] = [size, resolve];
      look();
    }),
    rest() {
      socket.off('data', add);
      return bytes;
    },
  };
}

async function destination({ take }, socket) {
  const [, methods] = await take(2);
  await take(methods);
  socket.write(nobodyToAsk);
  const [, , , kind] = await take(4);
  if (kind !== 1) return undefined;  // no IPv4 address
  const host = [...await take(4)].join('.');
  return { host, port: (await take(2)).readUInt16BE() };
}

export class Detour {
  // dcs: { 1: port, 2: port, 3: port }
  static async start(dcs) {
    const detour = new Detour(dcs);
    await new Promise((resolve) => detour.server.listen(0, '127.0.0.1', resolve));
    detour.port = detour.server.address().port;
    return detour;
  }

  constructor(dcs) {
    this.dcs = dcs;
    this.sockets = new Set();
    this.refused = [];
    this.server = net.createServer({ noDelay: true }, (socket) => void this.#lead(this.#keep(socket)));
  }

  #keep(socket) {
    this.sockets.add(socket);
    return socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
  }

  async #lead(socket) {
    const from = reader(socket);
    const to = await destination(from, socket);
    const port = to?.host === '127.0.0.1' ? to.port : this.dcs[dataCentres[to?.host]];
    if (port === undefined) {
      this.refused.push(to?.host);
      return void socket.destroy();
    }
    const onwards = this.#keep(net.connect({ port, host: '127.0.0.1', noDelay: true }));
    onwards.on('connect', () => {
      socket.write(done);
      onwards.write(from.rest());
      socket.pipe(onwards).pipe(socket);
    });
    onwards.on('close', () => socket.destroy());
    socket.on('close', () => onwards.destroy());
  }

  // As a network that fails.
  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  close() {
    this.cut();
    this.server.close();
    if (this.refused.length > 0) throw new Error(`TDLib wanted to reach ${this.refused}`);
  }
}
