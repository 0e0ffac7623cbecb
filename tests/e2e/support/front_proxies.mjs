// haproxy and nginx from Debian in front of a gateway, each on a free port of loopback.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { folder, pause, top } from './gateway.mjs';
import { freePort } from './proxies.mjs';

const listens = (port) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1', () => {
    socket.destroy();
    resolve(true);
  }).on('error', () => resolve(false));
});

async function started(t, program, args, port) {
  const child = spawn(`/usr/sbin/${program}`, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  const gone = new Promise((resolve) => child.on('error', resolve).on('exit', resolve));
  t.after(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (await listens(port)) return port;
    await pause(50);
  }
  throw new Error(`${program} does not listen:\n${said}`);
}

const timeouts = ['timeout connect 5s', 'timeout client 1m', 'timeout server 1m', 'timeout tunnel 1m'];

// `mode` is tcp or http; `server` what stands behind the address of the gateway, a port or a path.
export async function haproxy(t, gateway, { mode = 'tcp', server = '', lines = [] } = {}) {
  const port = await freePort();
  const file = path.join(folder(t), 'haproxy.cfg');
  const to = typeof gateway === 'number' ? `127.0.0.1:${gateway}` : `unix@${gateway}`;
  fs.writeFileSync(file, ['global', 'maxconn 200', 'defaults', `mode ${mode}`, ...timeouts, 'listen front',
    `bind 127.0.0.1:${port}`, ...lines, `server gateway ${to} ${server}`, ''].join('\n'));
  return started(t, 'haproxy', ['-db', '-f', file], port);
}

// In turn to each of several gateways that say they are ready; who is connected to one that no longer
// does is let go.
export async function haproxyOver(t, ports) {
  const port = await freePort();
  const file = path.join(folder(t), 'haproxy.cfg');
  fs.writeFileSync(file, ['global', 'maxconn 4000', 'defaults', 'mode tcp', ...timeouts, 'listen front', `bind 127.0.0.1:${port}`,
    'balance roundrobin', 'option httpchk GET /readyz', 'default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions',
    ...ports.map((to, i) => `server gateway${i} 127.0.0.1:${to}`), ''].join('\n'));
  return started(t, 'haproxy', ['-db', '-f', file], port);
}

const nginxHead = (dir) => `load_module modules/ngx_stream_module.so;
user root;
daemon off;
master_process off;
pid ${dir}/pid;
error_log stderr error;
events {}
`;

async function nginx(t, configuration) {
  const port = await freePort();
  const dir = folder(t);
  const file = path.join(dir, 'nginx.conf');
  fs.mkdirSync(path.join(dir, 'modules'));
  fs.symlinkSync('/usr/lib/nginx/modules/ngx_stream_module.so', path.join(dir, 'modules/ngx_stream_module.so'));
  fs.writeFileSync(file, nginxHead(dir) + configuration(port, dir));
  return started(t, 'nginx', ['-p', dir, '-e', 'stderr', '-c', file], port);
}

const temporary = (dir) => ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  .map((name) => `${name}_temp_path ${dir}/${name};`).join('\n  ');

// With a PROXY header; nginx has version 1 of it.
export const nginxStream = (t, gateway) => nginx(t, (port) => `stream {
  server {
    listen 127.0.0.1:${port};
    proxy_pass ${typeof gateway === 'number' ? `127.0.0.1:${gateway}` : `unix:${gateway}`};
    proxy_protocol on;
  }
}
`);

// `headers` is what it sets beside those of an upgrade. It keeps connections to the gateway.
export const nginxHttp = (t, gateway, headers) => nginx(t, (port, dir) => `http {
  access_log off;
  ${temporary(dir)}
  map $http_upgrade $connection_header { default upgrade; '' ''; }
  upstream gateway {
    server ${typeof gateway === 'number' ? `127.0.0.1:${gateway}` : `unix:${gateway}`};
    keepalive 4;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://gateway;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_header;
      ${headers.join('\n      ')}
    }
  }
}
`);

// The files that operators get, with the paths and ports of a test in them: `socket` of the gateway,
// `pem` and `key` of the certificate. Where HTTP and lines are spoken, both in TLS.
const shipped = (name) => fs.readFileSync(path.join(top, 'server/packaging', name), 'utf8');
const placed = (text, changes) => Object.entries(changes).reduce((out, [from, to]) => {
  if (!out.includes(from)) throw new Error(`${from} is not in the file`);
  return out.replaceAll(from, to);
}, text);

export async function shippedHaproxy(t, { socket, pem, key }) {
  const [https, lines] = [await freePort(), await freePort()];
  const dir = folder(t), both = path.join(dir, 'both.pem'), file = path.join(dir, 'haproxy.cfg');
  fs.writeFileSync(both, fs.readFileSync(pem, 'utf8') + fs.readFileSync(key, 'utf8'), { mode: 0o600 });
  fs.writeFileSync(file, placed(shipped('haproxy.cfg'), { 'bind :443': `bind 127.0.0.1:${https}`,
    'bind :1543': `bind 127.0.0.1:${lines}`, '/etc/haproxy/tg.example.org.pem': both, '/run/streamjson/socket': socket,
    'maxconn 20000': 'maxconn 200' }));
  await started(t, 'haproxy', ['-db', '-f', file], lines);
  return { https, lines };
}

export async function shippedNginx(t, { socket, pem, key }) {
  const https = await freePort();
  const lines = await nginx(t, (port, dir) => placed(shipped('nginx.conf'), { 'events {}\n': '',
    'http {\n': `http {\n  access_log off;\n  ${temporary(dir)}\n`, 'listen 443': `listen 127.0.0.1:${https}`,
    'listen 1543': `listen 127.0.0.1:${port}`, '/etc/nginx/tg.example.org.pem': pem, '/etc/nginx/tg.example.org.key': key,
    '/run/streamjson/socket': socket }));
  return { https, lines };
}
