// A session as Telethon's SQLiteSession keeps it, made by Python's SQLite: the file's bytes.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const script = `
import base64, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.executescript('''create table version (version integer primary key);
insert into version values (7);
create table sessions (dc_id integer primary key, server_address text, port integer, auth_key blob, takeout_id integer);
create table entities (id integer primary key, hash integer not null, username text, phone integer, name text, date integer);''')
key = base64.b64decode(sys.stdin.read())
database.execute('insert into sessions values (?, ?, 443, ?, null)', (int(sys.argv[2]), '127.0.0.1', key))
database.commit()
`;

export function telethonFile(folder, { auth_key, dc }) {
  const file = path.join(folder, `telethon-${fs.readdirSync(folder).length}.session`);
  execFileSync('/usr/bin/python3', ['-c', script, file, String(dc)], { input: auth_key });
  return fs.readFileSync(file);
}
