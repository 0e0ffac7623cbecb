// mtcute's own SQLite storage, with Python's SQLite in the place of better-sqlite3, whose native half is not
// built here: mtcute's tables, statements and order, and SQLite's files.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BaseSqliteStorage, BaseSqliteStorageDriver } from '@mtcute/core';

const script = fileURLToPath(new URL('sqlite_database.py', import.meta.url));
const blob = (value) => (value instanceof Uint8Array ? { blob: Buffer.from(value).toString('hex') } : value);
const unblob = (value) => (value?.blob === undefined ? value : new Uint8Array(Buffer.from(value.blob, 'hex')));

// What mtcute wants of better-sqlite3, which waits for each answer: over pipes, since sockets of Node don't.
class Database {
  constructor(file) {
    this.pipes = [`${file}.statements`, `${file}.rows`];
    execFileSync('mkfifo', this.pipes);
    this.child = spawn('/usr/bin/python3', [script, file, ...this.pipes], { stdio: ['ignore', 'ignore', 'inherit'] });
    this.closed = once(this.child, 'close');
    this.statements = fs.openSync(this.pipes[0], 'w');
    this.rows = fs.openSync(this.pipes[1], 'r');
    for (const pipe of this.pipes) fs.unlinkSync(pipe);
  }

  ask(sql, values) {
    fs.writeSync(this.statements, `${JSON.stringify([sql, values])}\n`);
    const chunks = [];
    const room = Buffer.alloc(65_536);
    do chunks.push(Buffer.from(room.subarray(0, fs.readSync(this.rows, room))));
    while (chunks.at(-1).length > 0 && chunks.at(-1).at(-1) !== 10);
    const answer = JSON.parse(Buffer.concat(chunks).toString());
    if (typeof answer === 'string') throw new Error(`${sql}: ${answer}`);
    return answer.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, unblob(value)])));
  }

  exec(sql) {
    this.ask(sql, null);
  }
  prepare(sql) {
    const all = (...values) => this.ask(sql, values.map(blob));
    return { all, get: (...values) => all(...values)[0], run: (...values) => void all(...values) };
  }
  transaction(change) {
    return (...args) => {
      this.exec('begin');
      try {
        const result = change(...args);
        this.exec('commit');
        return result;
      } catch (error) {
        this.exec('rollback');
        throw error;
      }
    };
  }
  close() {
    if (this.over) return;
    this.over = true;
    fs.closeSync(this.statements);
    fs.closeSync(this.rows);
  }
}

class Driver extends BaseSqliteStorageDriver {
  constructor(file) {
    super();
    this.file = file;
  }
  _createDatabase() {
    this.database = new Database(this.file);
    this.database.exec('pragma journal_mode = WAL');
    return this.database;
  }
}

export class SqliteStorage extends BaseSqliteStorage {
  constructor(file) {
    super(new Driver(file));
  }

  // Its process is gone when this is done: killed, as a machine that loses its power, or at its own end.
  async end(killed = false) {
    const { database } = this.driver;
    if (killed) database.child.kill('SIGKILL');
    await database.closed;
  }
}
