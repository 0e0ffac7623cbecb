// Writes api.tl and api.docs.json from the scheme that comes with @mtcute/core.
//
//   node make_api_tl.mjs PACKAGE-FOLDER OUTPUT-FOLDER [--keep-ids]
//
// Every id is held against the CRC-32 of its text, so a scheme that was read wrongly can't pass;
// --keep-ids takes those that somebody gave by hand, as older versions of the package hold some.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// Inventions of the package: what it keeps under its own name (a hook, objects that never go over the
// wire), and two objects of older layers under new names.
const renamed = new Set(['inputPeerPhotoFileLocationLegacy', 'inputStickerSetThumbLegacy'])
const isInvented = ({ name }) => name.startsWith('mtcute.') || renamed.has(name)

const table = Array.from({ length: 256 }, (_, byte) => {
  let word = byte
  for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1
  return word >>> 0
})

function crc32(text) {
  let word = 0xffffffff
  for (const byte of Buffer.from(text)) word = (word >>> 8) ^ table[(word ^ byte) & 255]
  return ~word >>> 0
}

function typeText(name, modifiers = {}) {
  let text = name === 'int53' ? 'long' : name
  if (modifiers.isBareUnion) text = `%${text}`
  if (modifiers.isVector) text = `Vector<${text}>`
  if (modifiers.isBareVector) text = `vector<${text}>`
  return modifiers.predicate ? `${modifiers.predicate}?${text}` : text
}

function words(entry) {
  return [
    ...(entry.generics ?? []).map(({ name, type }) => `{${name}:${type}}`),
    ...entry.arguments.map((field) => `${field.name}:${typeText(field.type, field.typeModifiers)}`),
    '=', typeText(entry.type, entry.typeModifiers),
  ]
}

// The text whose CRC-32 is the id.
function normal(entry) {
  return [entry.name, ...words(entry).filter((word) => !/^\w+:\w+\.\d+\?true$/.test(word))]
    .map((word) => word.replace(/([:?])bytes$/, '$1string'))
    .join(' ').replaceAll('<', ' ').replace(/[>{}]/g, '')
}

function line(entry) {
  const computed = crc32(normal(entry))
  if (computed !== entry.id && !keepIds) {
    throw new Error(`${entry.name}: id ${entry.id.toString(16)}, its text gives ${computed.toString(16)}`)
  }
  return `${entry.name}#${entry.id.toString(16)} ${words(entry).join(' ')};`
}

function described(entry) {
  const fields = {}
  for (const { name, comment } of entry.arguments) if (comment) fields[name] = comment
  return { description: entry.comment ?? '', fields }
}

function docs(layer, classes, methods, unions) {
  const out = { layer, types: {}, constructors: {}, methods: {} }
  for (const name of Object.keys(unions).sort()) out.types[name] = unions[name]
  for (const entry of classes) out.constructors[entry.name] = described(entry)
  for (const entry of methods) {
    out.methods[entry.name] = {
      ...described(entry),
      errors: (entry.throws ?? []).map(({ code, name, comment }) => ({ code, name, description: comment ?? '' })),
      available: entry.available ?? 'both',
    }
  }
  return out
}

const keepIds = process.argv.includes('--keep-ids')
const [folder, output] = process.argv.slice(2)
if (!folder || !output) throw new Error('usage: node make_api_tl.mjs PACKAGE-FOLDER OUTPUT-FOLDER')
const scheme = JSON.parse(readFileSync(join(folder, 'tl', 'api-schema.json'), 'utf8'))
const entries = scheme.e.filter((entry) => !isInvented(entry))
const classes = entries.filter((entry) => entry.kind === 'class')
const methods = entries.filter((entry) => entry.kind === 'method')
if (classes.length === 0 || classes.length + methods.length !== entries.length) {
  throw new Error('the package holds entries that are neither class nor method')
}

const text = [
  `// LAYER ${scheme.l}`, '', '---types---', '', ...classes.map(line),
  '', '---functions---', '', ...methods.map(line), '',
].join('\n')

mkdirSync(output, { recursive: true })
writeFileSync(join(output, 'api.tl'), text)
writeFileSync(join(output, 'api.docs.json'), JSON.stringify(docs(scheme.l, classes, methods, scheme.u)) + '\n')
