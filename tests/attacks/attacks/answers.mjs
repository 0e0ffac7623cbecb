// Attacks from the data centre's side, or with its help.
import { Client } from '../../e2e/support/client.mjs';
import { stringify } from '../../e2e/support/json.mjs';
import { bomb, listener } from '../support/stage.mjs';
import { repeat } from '../support/texts.mjs';

const size = 15_000_000; // of an answer as JSON
const accounts = 8;

// Somebody whose question is answered by 15 MB: a hundred times one message full of long links.
async function heavy(sandbox, server, i) {
  const client = await Client.connect(sandbox.port);
  const { session: { auth_key, dc, server_salt } } = await client.signIn(`9996621${String(1000 + i).slice(1)}`, { first_name: 'Heavy' });
  const letter = () => Math.floor(Math.random() * 36).toString(36);
  const url = () => `https://example.org/${Array.from({ length: 1400 }, letter).join('')}`;
  const entities = Array.from({ length: 100 }, (_, n) => ({ _cons: 'messageEntityTextUrl', offset: n * 2, length: 1, url: url() }));
  const sent = await client.call({ _cons: 'messages.sendMessage', peer: 'me', message: `${'a '.repeat(99)}a`, entities });
  client.close();
  const id = Array(100).fill({ _cons: 'inputMessageID', id: sent.id });
  return `${stringify({ id: 1, timeout: 600, server, session: { auth_key, dc, server_salt }, message: { _cons: 'messages.getMessages', id } })}\n`;
}

// Every other one who asks stops reading as soon as the answer begins; the gateway may give these up.
// Their data centre has much to do: it is not the others', and is asked for eight at a time.
export const bigAnswers = {
  about: 'answers of 15 MB to many clients at once, half of whom stop reading',
  prepare: async (world) => {
    const busy = await world.more('busy.pem');
    const server = world.elsewhere(busy.dcs[2], busy.key);
    return Promise.all(Array.from({ length: accounts }, (_, i) => heavy(busy, server, i)));
  },
  run: (stage, questions) => Promise.all(questions.map(async (question) => {
    for (let asked = 0; asked < 1 + stage.count(size * accounts) && !stage.enough; ++asked) {
      const one = await stage.open({ mortal: asked % 2 === 0 });
      await one.pour(question);
      await one.answered(120_000);
      if (one.mortal) one.socket.pause();
    }
  })),
};

// One that a client brings along: it begins a frame of 15.9 MB for each connection, and goes on with
// it until nearly its end.
export const hostileCentre = {
  about: 'a data centre that begins frames of 15.9 MB and never ends them',
  run: async (stage) => {
    const zeros = repeat('\0');
    const begun = Buffer.alloc(4);
    begun.writeUInt32LE(15_900_000);
    const centre = await listener(async (socket) => {
      socket.resume().write(begun);
      for (let sent = 0; sent + zeros.length < 15_900_000 && !stage.enough && !socket.destroyed; sent += zeros.length) {
        if (socket.write(zeros)) continue;
        await new Promise((resolve) => {
          const done = () => resolve(socket.off('drain', done).off('close', done));
          socket.on('drain', done).on('close', done);
        });
      }
    });
    stage.ending.push(centre);
    const server = JSON.stringify(stage.world.elsewhere(centre.port));
    const asked = await Promise.all(Array.from({ length: Math.max(8, stage.count(15_900_000)) }, async () => {
      const one = await stage.open();
      await one.pour(`{"id":1,"timeout":600,"server":${server},"message":{"_cons":"ping","ping_id":1}}\n`);
      return one;
    }));
    await Promise.all(asked.map((one) => one.answered(8000)));
  },
};

// Answers of 100 KB that unpack to 100 MiB.
export const gzipBombs = {
  about: 'answers of 100 KB that unpack to 100 MiB, many at once',
  run: async (stage) => {
    const asked = await Promise.all(Array.from({ length: Math.max(8, stage.count(100 << 20) * 4) }, async () => {
      const one = await stage.open();
      await one.pour(`{"id":1,"timeout":600,"message":{"_cons":"${bomb}"}}\n`.repeat(4));
      return one;
    }));
    await Promise.all(asked.map((one) => one.answered(20_000)));
  },
};
