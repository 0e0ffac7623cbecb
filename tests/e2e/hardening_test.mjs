// What the linker was asked for is in the programs: what hardening-check of Debian's devscripts looks
// for, read from the ELF files.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { build, signinCli, streamjson } from './support/gateway.mjs';

const skip = build.includes('sanitize') && 'the sanitizers have checks of their own';
const readelf = (...args) => execFileSync('readelf', ['-W', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });

// How often `hex` stands in the program's code.
function inCode(program, hex) {
  const [, offset, size] = /\s\.text\s+PROGBITS\s+\w+\s+(\w+)\s+(\w+)/.exec(readelf('-S', program));
  const code = fs.readFileSync(program).subarray(parseInt(offset, 16)).subarray(0, parseInt(size, 16));
  return code.toString('latin1').split(Buffer.from(hex, 'hex').toString('latin1')).length - 1;
}

for (const program of [streamjson, signinCli]) {
  const name = program.split('/').pop();
  const intel = () => /X86-64/.test(readelf('-h', program));

  test(`${name} can be loaded anywhere`, { skip }, () => {
    assert.match(readelf('-h', program), /Type:\s+DYN/);
    assert.match(readelf('-d', program), /FLAGS_1.*\bPIE\b/);
  });

  test(`${name} has its tables of addresses read-only before main()`, { skip }, () => {
    assert.match(readelf('-l', program), /^\s*GNU_RELRO\s/m);
    assert.match(readelf('-d', program), /FLAGS.*\b(BIND_NOW|NOW)\b/);
  });

  test(`${name} has a stack that can't be run`, { skip }, () => {
    assert.match(readelf('-l', program), /^\s*GNU_STACK(\s+0x\w+)+\s+RW\s/m);
  });

  test(`${name} sees that its stack or a buffer was overrun`, { skip }, () => {
    const symbols = readelf('--dyn-syms', program);
    assert.match(symbols, /\b__stack_chk_fail\b/);
    assert.match(symbols, /\b__(memcpy|memset|memmove|fprintf|snprintf|fgets|read)_chk\b/);
  });

  test(`${name} touches each page that its stack grows by`, { skip }, (t) => {
    if (!intel()) return t.skip('only known of x86-64');
    assert.ok(inCode(program, '4881ec0010000048830c2400') > 0); // sub $4096,%rsp; orq $0,(%rsp)
  });

  test(`${name} has landing pads and may run on a shadow stack`, { skip }, (t) => {
    if (!intel()) return t.skip('x86-64 only');
    assert.ok(inCode(program, 'f30f1efa') > 100); // endbr64
    assert.match(readelf('-n', program), /x86 feature: .*SHSTK/);
  });
}
