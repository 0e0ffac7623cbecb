// node life.mjs HOST PORT NOTATION TEXT
import net from 'node:net';
import readline from 'node:readline';

const [host, port, notation, text] = process.argv.slice(2);

function dial() {
  const socket = net.connect(Number(port), host);
  const lines = readline.createInterface({ input: socket })[Symbol.asyncIterator]();
  const ask = async (request) => {
    socket.write(`${JSON.stringify(request)}\n`);
    return JSON.parse((await lines.next()).value);
  };
  return { ask, close: () => socket.end() };
}

const options = { json: notation, updates: false };

let tg = dial();
await tg.ask({ options, signin: { phone: '9996620001' } });
const saved = JSON.stringify((await tg.ask({ signin: { code: '22222' } })).session);
tg.close();

tg = dial();
await tg.ask({ options, session: JSON.parse(saved) });
const found = await tg.ask({ message: { _cons: 'contacts.resolveUsername', username: 'echobot' } });
const { id, access_hash } = found.message.users[0];
const peer = { _cons: 'inputPeerUser', user_id: id, access_hash };
console.log(JSON.stringify(await tg.ask({ message: { _cons: 'messages.sendMessage', peer, message: text } })));
tg.close();
