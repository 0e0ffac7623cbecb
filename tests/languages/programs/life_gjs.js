// gjs life_gjs.js HOST PORT NOTATION TEXT
const { Gio } = imports.gi;
const ByteArray = imports.byteArray;

const [host, port, notation, text] = ARGV;

function dial() {
  const socket = new Gio.SocketClient().connect_to_host(host, Number(port), null);
  const lines = new Gio.DataInputStream({ base_stream: socket.get_input_stream() });
  const ask = (request) => {
    socket.get_output_stream().write_all(`${JSON.stringify(request)}\n`, null);
    return JSON.parse(ByteArray.toString(lines.read_line(null)[0]));
  };
  return { ask, close: () => socket.close(null) };
}

const options = { json: notation, updates: false };

let tg = dial();
tg.ask({ options, signin: { phone: '9996620001' } });
const saved = JSON.stringify(tg.ask({ signin: { code: '22222' } }).session);
tg.close();

tg = dial();
tg.ask({ options, session: JSON.parse(saved) });
const found = tg.ask({ message: { _cons: 'contacts.resolveUsername', username: 'echobot' } });
const { id, access_hash } = found.message.users[0];
const peer = { _cons: 'inputPeerUser', user_id: id, access_hash };
print(JSON.stringify(tg.ask({ message: { _cons: 'messages.sendMessage', peer, message: text } })));
