// What was asked, answered and heard: what is wrong in it is a fault.
import crypto from 'node:crypto';
import { texts } from '../named.mjs';

// Replies that say honestly that the account is away for now, or that nobody knows.
const honest = new Set(['OutcomeUnknown', 'AccountElsewhere', 'StoreUnavailable', 'Stopping', 'rpc_timeout']);

export class Book {
  accounts = new Map();
  faults = [];
  asked = 0;
  outcomes = new Map(); // of requests, each is one of them
  away = new Map(); // what streams were told instead
  repeats = 0; // of webhooks
  heard = 0;

  constructor(say = () => {}) {
    this.say = say;
  }

  account(name) {
    if (!this.accounts.has(name)) this.accounts.set(name, { said: new Map(), log: [] });
    return this.accounts.get(name);
  }

  fault(text) {
    this.faults.push(`${new Date().toISOString().slice(11, 23)} ${text.slice(0, 1000)}`);
    this.say(this.faults.at(-1));
  }

  // `outcome`: {ok}, {refused: NAME}, {told}: the connection's end was all, or {lost}: not even that.
  request(who, outcome) {
    const name = Object.keys(outcome)[0] === 'refused' ? outcome.refused : Object.keys(outcome)[0];
    this.outcomes.set(name, (this.outcomes.get(name) ?? 0) + 1);
    if (outcome.lost) this.fault(`${who}: a request without a reply: ${outcome.lost}`);
    if (outcome.refused && !honest.has(outcome.refused)) this.fault(`${who}: an odd reply: ${outcome.text}`);
    return outcome;
  }

  told(name) {
    this.away.set(name, (this.away.get(name) ?? 0) + 1);
    if (!honest.has(name)) this.fault(`a stream was told ${name}`);
  }
}

const digest = (message) => crypto.createHash('md5').update(JSON.stringify(message)).digest('base64');

// One reader's way through the log of an account. `twice`: it may be told the same again.
export class Reader {
  last = 0;

  constructor(book, account, who, { twice = false } = {}) {
    Object.assign(this, { book, account, who: `${who} of ${account}`, twice, of: book.account(account) });
  }

  // An item of the log, in the notation plain.
  take({ update_seq: number, message, ...more }) {
    number = Number(number);
    this.book.heard += 1;
    if (message === undefined) this.book.fault(`${this.who}: ${number} is ${JSON.stringify(more)}`);
    const found = digest(message), entry = (this.of.log[number] ??= { digest: found, texts: texts({ message }), who: this.who });
    if (entry.digest !== found) {
      this.book.fault(`${this.who}: ${number} is not what ${entry.who} has (${entry.texts}): ${JSON.stringify(message)}`);
    }
    if (this.twice && number <= this.last) return (this.book.repeats += 1);
    if (number !== this.last + 1) this.book.fault(`${this.who}: ${number} came behind ${this.last}`);
    return (this.last = number);
  }
}
