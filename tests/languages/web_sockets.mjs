// WebSocket clients, as they are used by who reads their first page. Versions are Debian 12's, but for npm's.
//   limit  bytes of a message above which it closes; null: none below the gateway's own 16 MiB
//   lift   the option that changes it
//   fails  hosts in URLs that it can't send: `Host: [` for [::1]
const python = (file) => ['/usr/bin/python3', file];
const go = (file) => (to) => ['go', 'build', '-o', to, file];
const KiB = 1024, MiB = 1024 * KiB;

export const clients = [
  { name: 'Python, websockets 10.4', packages: ['python3-websockets'], limit: MiB, lift: '`max_size=None`',
    run: python('websockets_client.py') },
  { name: 'Python, aiohttp 3.8', packages: ['python3-aiohttp'], limit: 4 * MiB, lift: '`max_msg_size=0`',
    run: python('aiohttp_client.py') },
  { name: 'Python, tornado 6.2', packages: ['python3-tornado'], limit: 10 * MiB, lift: '`max_message_size=…`',
    run: python('tornado_client.py') },
  { name: 'Python, autobahn 22.7', packages: ['python3-autobahn'], limit: null, run: python('autobahn_client.py') },
  { name: 'Python, websocket-client 1.2', packages: ['python3-websocket'], limit: null,
    run: python('websocket_client.py') },
  { name: 'Node, `websocket` 1.0.35 of npm', packages: ['nodejs', 'npm'], npm: 'websocket@1.0.35', limit: MiB,
    lift: '`maxReceivedFrameSize`, `maxReceivedMessageSize`', run: ['node', 'websocket_npm.mjs'] },
  { name: 'Perl, Mojolicious 9.31', packages: ['libmojolicious-perl'], limit: 256 * KiB,
    lift: '`max_websocket_size`', run: ['perl', 'mojolicious.pl'] },
  { name: 'Perl, AnyEvent::WebSocket::Client 0.54', packages: ['libanyevent-websocket-client-perl'], limit: 64 * KiB,
    lift: '`max_payload_size`', fails: ['[::1]'], run: ['perl', 'anyevent.pl'] },
  { name: 'Tcl, tcllib 1.21', packages: ['tcl', 'tcllib'], limit: null, run: ['tclsh', 'tcllib.tcl'] },
  { name: 'Go, x/net/websocket 0.7', packages: ['golang-go', 'golang-golang-x-net-dev'], limit: null,
    build: go('xnet.go') },
  { name: 'Go, gorilla/websocket 1.5', packages: ['golang-go', 'golang-github-gorilla-websocket-dev'], limit: null,
    build: go('gorilla.go') },
  { name: 'Go, nhooyr.io/websocket 1.8', packages: ['golang-go', 'golang-nhooyr-websocket-dev'], limit: 32 * KiB,
    lift: '`SetReadLimit`', build: go('nhooyr.go') },
  { name: 'C++, websocketpp 0.8.2', packages: ['g++', 'libwebsocketpp-dev', 'libboost-system-dev'], limit: 32 * MiB,
    lift: '`set_max_message_size`', build: (to) => ['g++', '-o', to, 'websocketpp.cpp', '-lboost_system', '-pthread'] },
  { name: 'C++, Boost.Beast 1.81', packages: ['g++', 'libboost1.81-dev'], limit: 16 * MiB, lift: '`read_message_max`',
    build: (to) => ['g++', '-std=c++20', '-o', to, 'beast.cpp', '-pthread'] },
  { name: 'C, libsoup 3.2', packages: ['gcc', 'pkg-config', 'libsoup-3.0-dev'], limit: 128 * KiB,
    lift: '`soup_websocket_connection_set_max_incoming_payload_size`',
    build: (to) => ['sh', '-c', `cc -o ${to} soup.c $(pkg-config --cflags --libs libsoup-3.0)`] },
  { name: 'C, libwebsockets 4.1', packages: ['gcc', 'libwebsockets-dev', 'libssl-dev'], limit: null,
    build: (to) => ['cc', '-o', to, 'lws.c', '-lwebsockets'] },
];
