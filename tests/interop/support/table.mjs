// What each client did over each transport, as a table; a row is filled by the test that did it.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const columns = ['client', 'layer', 'transport', 'code', 'password', 'QR', 'bot', 'dialogs', 'send',
  'update', 'come back', 'sign out'];

export function print(rows) {
  const cells = [columns, ...rows.map((row) => columns.map((name) => row[name] ?? ''))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i].length), 3));
  const text = (line) => `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [text(cells[0]), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...cells.slice(1).map(text)].join('\n');
}

export class Table {
  #rows = [];

  row(client, layer, transport) {
    const known = this.#rows.find((row) => row.client === client && row.transport === transport);
    const row = known ?? { client, layer: `${layer}`, transport };
    if (!known) this.#rows.push(row);
    return { did: (...steps) => steps.forEach((step) => {
      if (!columns.includes(step)) throw new Error(`no column '${step}'`);
      row[step] = 'yes';
    }) };
  }

  // To the screen, and where INTEROP_TABLE names a folder, there for the table of the whole run.
  close(name) {
    console.log(print(this.#rows));
    const folder = process.env.INTEROP_TABLE;
    if (folder) fs.writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(this.#rows));
  }
}

// node table.mjs FOLDER: the table of the whole run.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  console.log(print(files.flatMap((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')))));
}
