// What a page makes of @mtcute/web: bundled for the browser, called by the test from outside.
import { TelegramClient, WebCryptoProvider, WebSocketTransport } from '@mtcute/web';
import { addPublicKey } from '@mtcute/web/utils.js';

// Its addresses are wss:// and a host's; the class that it is given for its sockets may know better.
const dialling = (port) => class extends WebSocket {
  constructor(url, protocols) {
    super(`ws://127.0.0.1:${port}${new URL(url).pathname}`, protocols);
  }
};

let client;

window.outsider = {
  // The session lies in the browser's IndexedDB, under that name.
  async open({ port, key, session, testMode }) {
    const provider = new WebCryptoProvider();
    await provider.initialize();
    addPublicKey(provider, key);
    const dc = { id: 2, ipAddress: '127.0.0.1', port, testMode };
    client = new TelegramClient({ apiId: 12345, apiHash: 'abcdef', storage: session, logLevel: 1, testMode,
      crypto: provider, transport: new WebSocketTransport({ ws: dialling(port) }),
      defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } } });
  },

  async signIn({ phone, password }) {
    const user = await client.start({ phone, code: phone[5].repeat(5), password, codeSentCallback: () => {} });
    return user.firstName;
  },

  async signInAsBot(botToken) {
    return (await client.start({ botToken })).username;
  },

  async signInQr() {
    const user = await client.signInQr({ onUrlUpdated: (url) => window.scan(url) });
    return user.firstName;
  },

  async dialogs() {
    const names = [];
    for await (const dialog of client.iterDialogs()) names.push(dialog.peer.displayName);
    return names;
  },

  async echo(text) {
    await client.startUpdatesLoop();
    const heard = new Promise((resolve) => {
      client.onNewMessage.add((message) => {
        if (!message.isOutgoing && message.text === text) resolve(message.sender.username);
      });
    });
    const sent = await client.sendText('echobot', text);
    return { sent: sent.text, heard: await heard };
  },

  async config() {
    const { thisDc, testMode } = await client.call({ _: 'help.getConfig' });
    return { thisDc, testMode };
  },

  async whoAmI() {
    return (await client.getMe()).firstName;
  },

  async signOut() {
    await client.logOut();
  },
};
