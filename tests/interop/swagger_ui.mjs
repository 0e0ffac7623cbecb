// Swagger UI on /openapi.json?version=3.0: opens methods as a person does and says how long each takes to show.
// Status 1 where one takes 2 s or more. Outside of tests/run, since it says more of the machine than of us: there
// the unit tests bound what a method refers to.
//
//   STREAMJSON_BUILD=build node tests/interop/swagger_ui.mjs [METHOD…]
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Gateway, pause } from '../e2e/support/gateway.mjs';

const files = fileURLToPath(new URL('node_modules/swagger-ui-dist', import.meta.url));
const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript; charset=utf-8' };
const given = process.argv.slice(2);
const methods = given.length > 0 ? given : ['messages.getHistory', 'messages.sendMessage', 'messages.sendMedia',
  'updates.getDifference', 'users.getFullUser', 'channels.getFullChannel', 'stories.sendStory'];
const longest = 2000; // ms

// The package's own page, as server/API.md says to point it here.
let gateway;
const site = http.createServer((request, response) => {
  const name = request.url.split('?')[0].replace(/^\/$/, '/index.html');
  fs.readFile(path.join(files, path.normalize(name)), (error, bytes) => {
    response.writeHead(error ? 404 : 200, { 'Content-Type': types[path.extname(name)] ?? 'image/png' });
    const url = `http://localhost:${gateway.port}/openapi.json?version=3.0`;
    response.end(name.endsWith('initializer.js') ? `${bytes}`.replace(/url: .*/, `url: '${url}', docExpansion: 'none',`) : bytes);
  });
});
await new Promise((ready) => site.listen(0, 'localhost', ready));
const origin = `http://localhost:${site.address().port}`;
gateway = await Gateway.start(['--sandbox', '--allow-origin', origin]);
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(fs.existsSync);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });

// It draws those that are in sight.
async function find(page, method) {
  const block = page.locator('.opblock-post', { has: page.locator(`[data-path="/api/v1/{account}/${method}"]`) });
  for (let tries = 0; tries < 300 && (await block.count()) === 0; ++tries) {
    await page.mouse.wheel(0, 400);
    await pause(30);
  }
  return block;
}

async function open(method) {
  const page = await browser.newPage();
  await page.goto(origin);
  await page.locator(`#operations-tag-${method.split('.')[0]}`).click();
  const block = await find(page, method);
  const begun = performance.now();
  await block.locator('.opblock-summary-control').click();
  await block.locator('.responses-table .response').first().waitFor();
  await page.evaluate(() => new Promise((shown) => requestAnimationFrame(() => setTimeout(shown))));
  const took = Math.round(performance.now() - begun);
  await page.close();
  return took;
}

let late = 0;
try {
  for (const method of methods) {
    const took = await open(method);
    if (took >= longest) ++late;
    console.log(`${method} ${took} ms`);
  }
} finally {
  await browser.close();
  await gateway.close();
  site.close();
}
process.exitCode = late > 0 ? 1 : 0;
