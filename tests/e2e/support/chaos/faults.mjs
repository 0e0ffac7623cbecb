// What is done to the gateways, one at a time, in an order that a seed gives.
import { api } from '../named.mjs';
import { patience, pause } from '../gateway.mjs';

export function randomness(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const one = (stage, random) => stage.nodes[Math.floor(random() * stage.nodes.length)];

// A wire that is away for that long.
async function away(wire, how, ms) {
  wire[how]();
  await pause(ms);
  wire.release();
}

// How long an account is without an answer, of those that the node had.
async function mourned(stage, dead, out) {
  const accounts = (await stage.owned(dead)).slice(0, 40), { number } = stage;
  await dead.end('SIGKILL');
  const died = performance.now();
  const others = stage.nodes.filter((node) => node !== dead);
  await Promise.all(accounts.map(async (account, i) => {
    const at = others[i % others.length];
    for (;;) {
      const reply = await api(at, `/${account}/users.getUsers?id=me`).catch(() => ({}));
      if (reply.ok) break;
      if (stage.number !== number) return stage.book.fault(`${account} at node ${at.number} gave no answer before something else went wrong: ${JSON.stringify(reply)}`);
      await pause(50);
    }
    return out.push(performance.now() - died);
  }));
}

const kinds = {
  async kill(stage, random) {
    const node = one(stage, random), mourning = mourned(stage, node, stage.failovers);
    await node.gateway.exited;
    await pause(random() * 1000);
    await node.start();
    await Promise.race([mourning, pause(stage.ttl + 5000 * patience)]);
    return `node ${node.number} killed`;
  },
  async sleep(stage, random) {
    const node = one(stage, random), ms = stage.ttl * (1.2 + random());
    await node.sleep(ms);
    return `node ${node.number} asleep for ${Math.round(ms)} ms`;
  },
  async roll(stage, random) {
    for (const node of stage.nodes) {
      await node.end('SIGTERM');
      await node.start();
      await pause(random() * 1000);
    }
    return 'each node ended and started anew';
  },
  async database(stage, random) {
    const crash = random() < 0.5, ms = random() * stage.ttl;
    await stage.database.restart(crash ? 'SIGQUIT' : 'SIGINT', ms);
    return `PostgreSQL ${crash ? 'crashed' : 'restarted'}, away for ${Math.round(ms)} ms`;
  },
  async promote(stage) {
    await stage.database.promote();
    return 'PostgreSQL crashed, its standby takes its place';
  },
};
for (const [kind, how] of [['storeCut', 'cut'], ['storeHeld', 'hold']]) {
  kinds[kind] = async (stage, random) => {
    const node = one(stage, random), ms = stage.ttl * (0.5 + 1.2 * random());
    await away(node.toStore, how, ms);
    return `node ${node.number} without its database (${how}) for ${Math.round(ms)} ms`;
  };
}
for (const [kind, how] of [['nodeCut', 'cut'], ['nodeHeld', 'hold']]) {
  kinds[kind] = async (stage, random) => {
    const all = random() < 0.5, node = one(stage, random), ms = stage.ttl * (0.5 + 1.2 * random());
    await Promise.all((all ? stage.nodes : [node]).map(({ toOthers }) => away(toOthers, how, ms)));
    return `${all ? 'all nodes' : `node ${node.number}`} out of the others' reach (${how}) for ${Math.round(ms)} ms`;
  };
}

// Each kind once, then each again, until `over()`.
export async function faults(stage, random, over, say, only = Object.keys(kinds)) {
  for (let deck = []; !over(); stage.number += 1) {
    if (!deck.length) deck = [...only];
    const [kind] = deck.splice(Math.floor(random() * deck.length), 1);
    const begun = new Date().toISOString().slice(11, 23);
    const what = await kinds[kind](stage, random);
    say(`${begun} ${what}`);
    await pause(stage.ttl * (0.3 + 1.2 * random()));
  }
}
