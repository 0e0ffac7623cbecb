// Who speaks to Telegram with which auth key, as seen on the wire: each packet of the intermediate
// transport begins with the key's id. core.telegram.org/mtproto/mtproto-transports#intermediate
const none = '0000000000000000'; // of a key exchange

class Link {
  constructor(keys, node) {
    Object.assign(this, { keys, node, bytes: Buffer.alloc(0), begun: false, spoken: new Set() });
  }

  heard(data) {
    this.bytes = this.bytes.length ? Buffer.concat([this.bytes, data]) : data;
    if (!this.begun && this.bytes.length >= 4) {
      if (this.bytes.readUInt32BE(0) !== 0xeeeeeeee) throw new Error('not the intermediate transport');
      this.begun = true;
      this.bytes = this.bytes.subarray(4);
    }
    while (this.begun && this.bytes.length >= 12) {
      const size = this.bytes.readUInt32LE(0) & 0x7fffffff;
      if (this.bytes.length < 4 + size) return;
      const key = this.bytes.toString('hex', 4, 12);
      this.bytes = this.bytes.subarray(4 + size);
      if (key !== none) this.keys.spoke(key, this);
    }
  }

  over() {
    for (const key of this.spoken) this.keys.known.get(key).open.delete(this);
  }
}

export class Keys {
  // `counts(node)`: whether that node can close what it should not have open. `moment`, in ms: so long
  // it may take to, as it may not have had its turn; what it says meanwhile is a fault at once.
  constructor(book, counts, moment) {
    Object.assign(this, { book, counts, moment, known: new Map(), most: 0, changes: 0, late: 0 });
  }

  tap(node) {
    return new Link(this, node);
  }

  spoke(id, link) {
    if (!this.known.has(id)) this.known.set(id, { open: new Set(), last: link, before: new Set() });
    const key = this.known.get(id);
    if (!link.spoken.has(id)) {
      link.spoken.add(id);
      key.open.add(link);
      const before = [...key.open].filter(({ node }) => this.counts(node));
      setTimeout(() => this.#look(id, before.filter((one) => key.open.has(one))), this.moment).unref();
    }
    if (key.last === link) return;
    // One that was put to sleep in the very moment of a write ends it when it goes on (OPERATING.md).
    // Where that was a call, the sandbox ends the key, and that is a fault.
    if (key.before.has(link) && !this.counts(link.node)) return (this.late += 1);
    if (key.before.has(link)) {
      this.book.fault(`key ${id}: node ${link.node.number} speaks again behind node ${key.last.node.number}`);
    }
    key.before.add(key.last);
    key.last = link;
    return (this.changes += 1);
  }

  #look(id, open) {
    this.most = Math.max(this.most, open.length);
    if (open.length > 1) this.book.fault(`key ${id} is spoken with by nodes ${open.map(({ node }) => node.number)} at a time`);
  }
}
