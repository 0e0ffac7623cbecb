// The same request from a terminal or a script. The session is read from a session.json (the line of
// signin-cli, or "Save session.json" of the console): no key is ever in what is copied.
import { stringify } from '../client.js';

const quote = (text) => `'${text.replace(/'/g, `'\\''`)}'`;
const secure = () => location.protocol === 'https:';
const port = () => location.port || (secure() ? '443' : '80');

export const languages = { nc: 'nc', js: 'JavaScript', curl: 'curl' };

export function snippet(language, message, locked = false) {
  const { _cons: method, ...params } = message;
  if (language === 'js') {
    const call = Object.keys(params).length
      ? `${JSON.stringify(method)}, ${stringify(params, 2)}`
      : JSON.stringify(method);
    return [
      `// client.js: ${location.origin}/client.js`,
      'import { readFileSync } from "node:fs";',
      'import { connect } from "./client.js";',
      '',
      `const tg = await connect("${secure() ? 'tls' : 'tcp'}://${location.hostname}:${port()}", {`,
      '  session: readFileSync("session.json", "utf8"),',
      locked && '  token: process.env.STREAMJSON_TOKEN,',
      '});',
      `console.log(await tg.call(${call}));`,
      'tg.close();',
    ]
      .filter((line) => line !== false)
      .join('\n');
  }
  const line = quote(stringify({ id: 2, message }));
  if (language === 'curl') {
    const header = locked ? ' -H "Authorization: Bearer $STREAMJSON_TOKEN"' : '';
    return `(cat session.json; echo ${line}) |\n  curl -sS${header} --data-binary @- ${location.origin}/json`;
  }
  const peer = secure()
    ? `openssl s_client -quiet -connect ${location.hostname}:${port()}`
    : `nc -N ${location.hostname.replace(/^\[|\]$/g, '')} ${port()}`;
  const first = locked ? `echo "{\\"token\\":\\"$STREAMJSON_TOKEN\\"}"; ` : '';
  return `(${first}cat session.json; echo ${line}) |\n  ${peer}`;
}
