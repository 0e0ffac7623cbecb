// Debian's Chromium on the console of a gateway. Whatever a page must never do, in any test, is
// watched here: errors on its console, refusals of its own policy, requests that leave its origin.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { Gateway, patience } from '../../e2e/support/gateway.mjs';
import { connect } from '../../../web/client.js';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
];
export const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

// STREAMJSON_WEB names a folder to serve in place of the console that is built in.
const web = process.env.STREAMJSON_WEB ? ['--web', process.env.STREAMJSON_WEB] : [];

const people = {
  ada: { phone: '9996620001', code: '22222' },
  grace: { phone: '9996620002', code: '22222', password: 'sandbox' },
};

export class Console {
  static async start(args = ['--sandbox']) {
    const self = new Console();
    self.args = [...args, ...web];
    self.gateway = await Gateway.start(self.args);
    self.url = `http://localhost:${self.gateway.port}/`;
    self.browser = await chromium.launch({ executablePath: executable, args: FLAGS });
    return self;
  }

  // The same address, another process.
  async restart() {
    await this.gateway.close();
    this.gateway = await Gateway.start(this.args, { port: String(this.gateway.port) });
  }

  async close() {
    await this.browser.close();
    await this.gateway.close();
  }

  // Somebody of the sandbox on a connection of their own, beside any browser.
  async person(t, name) {
    const tg = await connect(`tcp://127.0.0.1:${this.gateway.port}`);
    t.after(() => tg.close());
    await tg.signIn(people[name] ?? name);
    return tg;
  }

  // A window of its own, with storage of its own, closed at the end of test `t`.
  async window(t, options = {}) {
    const { tolerate = () => false, at = '', prepare, ...context } = options;
    const window = await this.browser.newContext({ viewport: { width: 1200, height: 800 }, ...context });
    window.setDefaultTimeout(7_500 * patience);
    const page = await window.newPage();
    this.watch(page, t, tolerate);
    t.after(() => window.close());
    await prepare?.(page);
    await page.goto(this.url + at);
    return page;
  }

  watch(page, t, tolerate = () => false) {
    const wrong = [];
    page.on(
      'console',
      (message) =>
        ['error', 'warning'].includes(message.type()) &&
        !tolerate(message.text()) &&
        wrong.push(message.text()),
    );
    page.on('pageerror', (error) => wrong.push(String(error.stack)));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'blob:' && url.protocol !== 'data:' && url.host !== new URL(this.url).host)
        wrong.push(`asked ${url.href}`);
    });
    t.after(() => assert.deepEqual(wrong, [], 'what the page did wrong'));
  }
}

// Answers some of the page's requests in the gateway's place, for what a sandbox does not play:
// `answer(request, push)` gives the reply without its id, or nothing to let the request through.
export const script = (answer) => (page) =>
  page.routeWebSocket(/\/ws/, (socket) => {
    const server = socket.connectToServer();
    const push = (object) => socket.send(JSON.stringify({ id: 0, ...object }));
    socket.onMessage((text) => {
      const request = JSON.parse(text);
      const reply = answer(request, push);
      if (reply) socket.send(JSON.stringify({ id: request.id, ...reply }));
      else server.send(text);
    });
  });

// One of the accounts that the sandbox offers.
export async function signIn(page, name = 'Ada') {
  await page.locator('.offered button', { hasText: name }).click();
  await page.locator('.dialogs a').first().waitFor();
}

export const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

// The module pattern of the QR code on the page, as pixels for a reader.
export async function qrPixels(page) {
  const { side, path } = await page.locator('svg.qr').evaluate((svg) => ({
    side: svg.viewBox.baseVal.width,
    path: svg.querySelector('path').getAttribute('d'),
  }));
  const scale = 4;
  const width = side * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let dy = 0; dy < scale; dy++)
      for (let dx = 0; dx < scale; dx++) {
        const at = ((Number(y) * scale + dy) * width + Number(x) * scale + dx) * 4;
        pixels[at] = pixels[at + 1] = pixels[at + 2] = 0;
      }
  return { pixels, width };
}

// A small photo, drawn by the browser.
export const jpegOf = async (page) =>
  Buffer.from(
    await page.evaluate(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
      const context = canvas.getContext('2d');
      context.fillStyle = 'teal';
      context.fillRect(0, 0, 64, 48);
      return canvas.toDataURL('image/jpeg').split(',')[1];
    }),
    'base64',
  );
