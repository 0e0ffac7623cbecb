// The same request from a terminal or a script. The session is read from a session.json (the line of
// signin-cli, or "Save session.json" of the console): no key is ever in what is copied.
import { stringify } from '../client.js';
import { program, quote, toGateway, tokenFirst } from '../recipes/code.js';

export { languages } from '../recipes/code.js';

export function here() {
  const secure = location.protocol === 'https:';
  return {
    secure,
    host: location.hostname,
    port: location.port || (secure ? '443' : '80'),
    origin: location.origin,
  };
}

export function snippet(language, message, locked = false) {
  if (language === 'js' || language === 'python')
    return program(language, [{ call: message }], here(), locked);
  const line = quote(stringify({ id: 2, message }));
  const first = tokenFirst(language, locked);
  return `(${first}cat session.json; echo ${line}) |\n  ${toGateway(language, here(), locked)}`;
}
