// npm's websocket. The options are `maxReceivedFrameSize` and `maxReceivedMessageSize`.
import { createRequire } from 'node:module';

const { client: Client } = createRequire(`${process.env.NODE_FOLDER}/x.js`)('websocket');
const [url, size, lift] = process.argv.slice(2);
const client = new Client(lift ? { maxReceivedFrameSize: 1 << 30, maxReceivedMessageSize: 1 << 30 } : {});
const fail = (error) => {
  console.error(String(error));
  process.exit(1);
};
client.on('connectFailed', fail);
client.on('connect', (tg) => {
  tg.on('error', fail);
  tg.on('close', fail);
  tg.on('message', ({ utf8Data }) => {
    console.log(utf8Data.length);
    process.exit(0);
  });
  tg.sendUTF(`{"options":{},"@extra":"${'x'.repeat(Number(size))}"}`);
});
client.connect(url);
