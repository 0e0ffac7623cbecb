// A recipe, or a single call, as a program: JavaScript, Python, and shell by curl or nc. The session
// is read from a session.json, a token from the environment: no key is ever in what is copied.
// `where` is {host, port, secure, origin, account}: an account that the gateway keeps stands in place of
// a session. A file is named, as a person has it.
import { stringify } from '../client.js';
import { map } from './run.js';

const PIECE = 512 * 1024;
const fileName = (file) => (typeof file === 'string' ? file : (file?.name ?? 'photo.jpg'));

// JSON, with each reference as `write(path)` says it.
function text(node, write, space) {
  const places = [];
  const marked = map(node, (path) => `\u0001${places.push(path) - 1}\u0001`);
  return stringify(marked, space).replace(/"\\u0001(\d+)\\u0001"/g, (_, at) => write(places[at]));
}
const indexed = (path, bracket) => {
  const [first, ...rest] = path.split('.');
  return first + rest.map((key) => (/^-?\d+$/.test(key) ? `[${key}]` : bracket(key))).join('');
};
const lines = (...all) => all.flat().filter((line) => typeof line === 'string');

// ---- JavaScript

const jsPath = (path) => indexed(path, (key) => `.${key}`).replace(/\[(-\d+)\]/g, '.at($1)');
const jsCall = ({ _cons, ...params }) =>
  `await tg.call(${JSON.stringify(_cons)}${Object.keys(params).length ? `, ${text(params, jsPath, 2)}` : ''})`;

function jsStep(step, last) {
  if (step.upload)
    return [
      `const bytes = readFileSync(${JSON.stringify(fileName(step.upload))});`,
      `const ${step.name} = {`,
      '  _cons: "inputFile",',
      '  id: String(crypto.getRandomValues(new BigInt64Array(1))[0]),',
      `  parts: Math.ceil(bytes.length / ${PIECE}),`,
      `  name: ${JSON.stringify(fileName(step.upload))},`,
      '  md5_checksum: "",',
      '};',
      `for (let part = 0; part < ${step.name}.parts; part++)`,
      `  await tg.call("upload.saveFilePart", { file_id: ${step.name}.id, file_part: part,`,
      `    bytes: bytes.subarray(part * ${PIECE}, (part + 1) * ${PIECE}) });`,
    ];
  if (step.save) return [`writeFileSync(${JSON.stringify(step.as)}, fromBase64(${jsPath(step.save)}));`];
  if (step.name) return [`const ${step.name} = ${jsCall(step.call)};`];
  return [last ? `console.log(${jsCall(step.call)});` : `${jsCall(step.call)};`];
}

function javaScript(steps, where, locked) {
  const saves = steps.some((step) => step.save);
  const reads = !where.account || steps.some((step) => step.upload);
  const files = [reads && 'readFileSync', saves && 'writeFileSync'].filter(Boolean).join(', ');
  return lines(
    `// client.js: ${where.origin}/client.js`,
    files && `import { ${files} } from "node:fs";`,
    `import { connect${saves ? ', fromBase64' : ''} } from "./client.js";`,
    steps.some((step) => step.upload) && 'import { webcrypto as crypto } from "node:crypto";',
    '',
    `const tg = await connect("${where.secure ? 'tls' : 'tcp'}://${where.host}:${where.port}", {`,
    where.account ? `  account: "${where.account}",` : '  session: readFileSync("session.json", "utf8"),',
    locked && '  token: process.env.STREAMJSON_TOKEN,',
    '});',
    steps.flatMap((step, number) => jsStep(step, number === steps.length - 1)),
    'tg.close();',
  ).join('\n');
}

// ---- Python

const pyPath = (path) => indexed(path, (key) => `["${key}"]`);
// What JSON calls true, false and null, outside of its strings.
const pyText = (node) =>
  text(node, pyPath, 4).replace(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, (token) =>
    token === 'true' ? 'True' : token === 'false' ? 'False' : token === 'null' ? 'None' : token,
  );
const pyString = (value) => JSON.stringify(value);

function pyStep(step, last) {
  if (step.upload)
    return [
      `data = open(${pyString(fileName(step.upload))}, "rb").read()`,
      `${step.name} = {`,
      '    "_cons": "inputFile",',
      '    "id": str(secrets.randbits(63)),',
      `    "parts": -(-len(data) // ${PIECE}),`,
      `    "name": ${pyString(fileName(step.upload))},`,
      '    "md5_checksum": "",',
      '}',
      `for part in range(${step.name}["parts"]):`,
      `    piece = data[part * ${PIECE}:(part + 1) * ${PIECE}]`,
      `    call({"_cons": "upload.saveFilePart", "file_id": ${step.name}["id"], "file_part": part,`,
      '          "bytes": base64.b64encode(piece).decode()})',
    ];
  if (step.save) return [`open(${pyString(step.as)}, "wb").write(base64.b64decode(${pyPath(step.save)}))`];
  const call = `call(${pyText(step.call)})`;
  return [step.name ? `${step.name} = ${call}` : last ? `print(json.dumps(${call}, indent=2))` : call];
}

function python(steps, where, locked) {
  const uses = (what) => steps.some((step) => step[what]);
  const imports = [
    (uses('upload') || uses('save')) && 'base64',
    'json',
    locked && 'os',
    uses('upload') && 'secrets',
    'socket',
    where.secure && 'ssl',
  ].filter(Boolean);
  const host = where.host.replace(/^\[|\]$/g, '');
  return lines(
    `import ${imports.join(', ')}`,
    '',
    `wire = socket.create_connection((${pyString(host)}, ${where.port}))`,
    where.secure &&
      `wire = ssl.create_default_context().wrap_socket(wire, server_hostname=${pyString(host)})`,
    'wire = wire.makefile("rw", encoding="utf-8", newline="\\n")',
    '',
    'def ask(request):',
    '    wire.write(json.dumps(request) + "\\n")',
    '    wire.flush()',
    '    for line in wire:  # updates have the id 0',
    '        reply = json.loads(line)',
    '        if reply["id"] == 0:',
    '            continue',
    '        answer = reply.get("message")',
    '        if "error" in reply or isinstance(answer, dict) and answer.get("_cons") == "rpc_error":',
    '            raise RuntimeError(line)',
    '        return reply',
    '    raise EOFError("the gateway closed the connection")',
    '',
    'def call(message):',
    '    return ask({"message": message})["message"]',
    '',
    locked && 'ask({"token": os.environ["STREAMJSON_TOKEN"]})',
    `ask({${where.account ? `"account": "${where.account}"` : '**json.load(open("session.json"))'}, "options": {"json": "plain"}})`,
    steps.flatMap((step, number) => pyStep(step, number === steps.length - 1)),
  ).join('\n');
}

// ---- shell: a step's answer is kept in a file of its name, and jq takes values from there

export const quote = (words) => `'${words.replace(/'/g, `'\\''`)}'`;
const jqPath = (path) => {
  const [first, ...rest] = path.split('.');
  return `$${indexed([first, '0', ...rest].join('.'), (key) => `.${key}`)}`;
};
const uses = (call) => {
  const names = new Set();
  map(call, (path) => names.add(path.split('.')[0]));
  return [...names];
};

function shellStep(step) {
  if (step.upload) {
    const name = quote(fileName(step.upload));
    return [
      `id=$(od -An -N8 -td8 /dev/urandom | tr -d ' ')`,
      `parts=$((($(wc -c < ${name}) + ${PIECE - 1}) / ${PIECE}))`,
      'for part in $(seq 0 $((parts - 1))); do',
      `  tail -c +$((part * ${PIECE} + 1)) ${name} | head -c ${PIECE} | base64 | tr -d '\\n' > part.txt`,
      '  call --arg id "$id" --argjson part "$part" --rawfile bytes part.txt \\',
      `    '{_cons: "upload.saveFilePart", file_id: $id, file_part: $part, bytes: $bytes}'`,
      'done',
      `jq -nc --arg id "$id" --argjson parts "$parts" --arg name ${name} \\`,
      `  '{_cons: "inputFile", id: $id, parts: $parts, name: $name, md5_checksum: ""}' > ${step.name}.json`,
    ];
  }
  if (step.save) {
    const [name, ...rest] = step.save.split('.');
    return [`jq -r .${rest.join('.')} ${name}.json | base64 -d > ${quote(step.as)}`];
  }
  const files = uses(step.call).map((name) => `--slurpfile ${name} ${name}.json `);
  return [
    `call ${files.join('')}${quote(text(step.call, jqPath))}${step.name ? ` > ${step.name}.json` : ''}`,
  ];
}

export const toGateway = (language, where, locked) => {
  if (language === 'curl')
    return `curl -sS${locked ? ' -H "Authorization: Bearer $STREAMJSON_TOKEN"' : ''} --data-binary @- ${where.origin}/json`;
  return where.secure
    ? `openssl s_client -quiet -connect ${where.host}:${where.port}`
    : `nc -N ${where.host.replace(/^\[|\]$/g, '')} ${where.port}`;
};
// Who speaks, before all that is asked.
export const speaker = ({ account }) =>
  account ? `echo ${quote(stringify({ account }))}` : 'cat session.json';
// What a line protocol wants before all else, where a token is wanted.
export const tokenFirst = (language, locked) =>
  locked && language === 'nc' ? `echo "{\\"token\\":\\"$STREAMJSON_TOKEN\\"}"; ` : '';

function shell(language, steps, where, locked) {
  return lines(
    '# in bash, with jq: takes what makes a message, prints the answer',
    'call() {',
    `  (${tokenFirst(language, locked)}${speaker(where)}`,
    `   jq -nc "$@" | jq -c '{id: 2, options: {json: "plain"}, message: .}') |`,
    `    ${toGateway(language, where, locked)} |`,
    `    jq -c 'select(.id == 2) | .message // .'`,
    '}',
    steps.flatMap(shellStep),
  ).join('\n');
}

export const languages = { nc: 'nc', curl: 'curl', js: 'JavaScript', python: 'Python' };

export function program(language, steps, where, locked = false) {
  if (language === 'js') return javaScript(steps, where, locked);
  if (language === 'python') return python(steps, where, locked);
  return shell(language, steps, where, locked);
}
