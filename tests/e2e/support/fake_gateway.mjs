// A gateway that plays canned answers over lines, in this process: each request object goes to
// `answer(request, peer)`, which returns reply objects or sends them itself by peer.send().
import net from 'node:net';
import tls from 'node:tls';

export async function fakeGateway(answer, { listen = { port: 0, host: '127.0.0.1' }, secure } = {}) {
  const peers = new Set();
  const requests = [];
  const accept = (socket) => {
    let rest = '';
    const peer = {
      send: (object) => socket.write(typeof object === 'string' ? object : JSON.stringify(object) + '\n'),
      drop: () => socket.destroy(),
    };
    peers.add(peer);
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('close', () => peers.delete(peer));
    socket.on('data', (text) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop();
      for (const line of parts) {
        const request = JSON.parse(line);
        requests.push(request);
        const reply = answer(request, peer);
        if (reply) peer.send({ id: request.id, ...reply });
      }
    });
  };
  const server = secure ? tls.createServer(secure, accept) : net.createServer(accept);
  await new Promise((resolve) => server.listen(listen, resolve));
  return {
    requests,
    peers,
    port: server.address().port,
    url: `tcp://127.0.0.1:${server.address().port}`,
    dropAll: () => [...peers].forEach((peer) => peer.drop()),
    close: () => {
      for (const peer of peers) peer.drop();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

// What every connection begins with: options, and the session where there is one.
export const hello = (request) =>
  request.options && { options: {}, ...(request.session && { session: request.session }) };
