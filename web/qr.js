// QR codes (ISO/IEC 18004), as far as a login token needs them: byte mode, level M, versions 1 to 20.
// qr(text) gives rows of booleans, dark is true; draw(text) an <svg>.

// Level M: error correction codewords in a block, and blocks, by version.
const EC = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];

// Arithmetic in GF(256) over x^8 + x^4 + x^3 + x^2 + 1.
const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power++) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);

const size = (version) => 17 + 4 * version;

// Modules left for data once the patterns are drawn, in whole codewords.
function codewords(version) {
  let bits = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const aligned = Math.floor(version / 7) + 2;
    bits -= (25 * aligned - 10) * aligned - 55;
    if (version >= 7) bits -= 36;
  }
  return bits >> 3;
}

const capacity = (version) => codewords(version) - EC[version - 1] * BLOCKS[version - 1];

// The remainder of data · x^degree by the generator polynomial.
function correction(data, degree) {
  const generator = new Uint8Array(degree);
  generator[degree - 1] = 1;
  for (let root = 0; root < degree; root++)
    for (let at = 0; at < degree; at++)
      generator[at] = times(generator[at], EXP[root]) ^ (generator[at + 1] ?? 0);
  const rest = new Uint8Array(degree);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    rest.copyWithin(0, 1);
    rest[degree - 1] = 0;
    for (let at = 0; at < degree; at++) rest[at] ^= times(generator[at], factor);
  }
  return rest;
}

// Mode, length, bytes, terminator, padding; then blocks with their correction, interleaved.
function encode(bytes, version) {
  const bits = [];
  const put = (value, count) => {
    while (count--) bits.push((value >> count) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  const room = capacity(version) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, -bits.length & 7);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  const data = Uint8Array.from({ length: room / 8 }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0),
  );

  const count = BLOCKS[version - 1];
  const short = Math.floor(data.length / count);
  const longFrom = count - (data.length % count);
  const blocks = [];
  for (let block = 0, from = 0; block < count; block++) {
    const length = short + (block >= longFrom ? 1 : 0);
    blocks.push(data.subarray(from, (from += length)));
  }
  const corrections = blocks.map((block) => correction(block, EC[version - 1]));
  const out = [];
  for (const group of [blocks, corrections])
    for (let at = 0; at <= short + EC[version - 1]; at++)
      for (const block of group) if (at < block.length) out.push(block[at]);
  return out;
}

function alignment(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size(version) - 7 - step * (count - 2 - at))];
}

// Cells: undefined where data will go, else the module of a pattern.
function patterns(version) {
  const side = size(version);
  const cells = Array.from({ length: side }, () => new Array(side));
  const set = (x, y, dark) => x >= 0 && y >= 0 && x < side && y < side && (cells[y][x] = dark);
  for (let at = 0; at < side; at++) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [cx, cy] of [
    [3, 3],
    [side - 4, 3],
    [3, side - 4],
  ])
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
      }
  const places = alignment(version);
  const last = places.length - 1;
  places.forEach((cy, j) =>
    places.forEach((cx, i) => {
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }),
  );
  if (version >= 7) {
    let rest = version;
    for (let at = 0; at < 12; at++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let at = 0; at < 18; at++) {
      const [near, far] = [Math.floor(at / 3), side - 11 + (at % 3)];
      set(far, near, Boolean((bits >> at) & 1));
      set(near, far, Boolean((bits >> at) & 1));
    }
  }
  format(cells, 0);
  return cells;
}

// Level M is 0; the fifteen bits stand twice.
function format(cells, mask) {
  const side = cells.length;
  let rest = mask;
  for (let at = 0; at < 10; at++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((mask << 10) | rest) ^ 0x5412;
  const bit = (at) => Boolean((bits >> at) & 1);
  for (let at = 0; at < 6; at++) cells[at][8] = bit(at);
  cells[7][8] = bit(6);
  cells[8][8] = bit(7);
  cells[8][7] = bit(8);
  for (let at = 9; at < 15; at++) cells[8][14 - at] = bit(at);
  for (let at = 0; at < 8; at++) cells[8][side - 1 - at] = bit(at);
  for (let at = 8; at < 15; at++) cells[side - 15 + at][8] = bit(at);
  cells[side - 8][8] = true;
}

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

// Data runs up and down in pairs of columns from the right, around the timing column.
function place(cells, data, mask) {
  const side = cells.length;
  let at = 0;
  for (let right = side - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    const up = ((right + 1) & 2) === 0;
    for (let row = 0; row < side; row++)
      for (const x of [right, right - 1]) {
        const y = up ? side - 1 - row : row;
        if (cells[y][x] !== undefined) continue;
        const bit = Boolean(((data[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
        cells[y][x] = bit !== MASKS[mask](x, y);
        at++;
      }
  }
}

// How hard a reader would find it: long runs, blocks, lookalikes of the corners, imbalance.
function penalty(cells) {
  const side = cells.length;
  let sum = 0;
  let dark = 0;
  const columns = cells.map((_, x) => cells.map((row) => row[x]));
  for (const line of [...cells, ...columns]) {
    const text = line.map((cell) => (cell ? '1' : '0')).join('');
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
    sum +=
      40 * ((text.match(/(?=00001011101)/g)?.length ?? 0) + (text.match(/(?=10111010000)/g)?.length ?? 0));
  }
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      dark += cells[y][x];
      if (
        x &&
        y &&
        cells[y][x] === cells[y][x - 1] &&
        cells[y][x] === cells[y - 1][x] &&
        cells[y][x] === cells[y - 1][x - 1]
      )
        sum += 3;
    }
  return sum + 10 * Math.floor(Math.abs((dark * 20) / (side * side) - 10));
}

export function qr(text) {
  const bytes = new TextEncoder().encode(text);
  const needed = (version) => bytes.length + (version < 10 ? 2 : 3);
  const version = EC.findIndex((_, at) => needed(at + 1) <= capacity(at + 1)) + 1;
  if (!version) throw new RangeError(`${bytes.length} bytes are too long for a QR code`);
  const data = encode(bytes, version);
  let best;
  for (let mask = 0; mask < 8; mask++) {
    const cells = patterns(version);
    place(cells, data, mask);
    format(cells, mask);
    const cost = penalty(cells);
    if (!best || cost < best.cost) best = { cost, cells };
  }
  return best.cells;
}

export function draw(text, label) {
  const cells = qr(text);
  const quiet = 4;
  const side = cells.length + 2 * quiet;
  const make = (tag, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  let path = '';
  cells.forEach((row, y) => row.forEach((dark, x) => dark && (path += `M${x + quiet} ${y + quiet}h1v1h-1z`)));
  const svg = make('svg', {
    viewBox: `0 0 ${side} ${side}`,
    role: 'img',
    'aria-label': label,
    class: 'qr',
    'shape-rendering': 'crispEdges',
  });
  svg.append(
    make('rect', { width: side, height: side, fill: '#fff' }),
    make('path', { d: path, fill: '#000' }),
  );
  return svg;
}
