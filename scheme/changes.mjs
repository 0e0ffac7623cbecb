// What changed from one scheme to another, in words.
//
//   node changes.mjs OLD.tl NEW.tl
import { readFileSync } from 'node:fs'

function read(file) {
  const out = { layer: 0, constructor: new Map(), method: new Map() }
  let kind = 'constructor'
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const layer = /^\/\/ LAYER (\d+)/.exec(line)
    if (layer) out.layer = Number(layer[1])
    if (line.startsWith('---')) kind = line.includes('functions') ? 'method' : 'constructor'
    const combinator = /^([\w.]+)(?:#([0-9a-f]+))? (.*?)= ([^;]+);/.exec(line)
    if (!combinator) continue
    const [, name, id, fields, type] = combinator
    out[kind].set(name, {
      id, type: type.trim(),
      fields: new Map(fields.trim().split(/\s+/).filter((word) => /^\w+:/.test(word))
        .map((word) => [word.slice(0, word.indexOf(':')), word.slice(word.indexOf(':') + 1)])),
    })
  }
  return out
}

function differences(before, after) {
  const out = []
  const places = (one) => [...one.fields.keys()].filter((name) => before.fields.has(name) && after.fields.has(name))
  for (const [name, type] of after.fields) {
    if (!before.fields.has(name)) out.push(`${name}:${type} is new`)
    else if (before.fields.get(name) !== type) out.push(`${name} was ${before.fields.get(name)} and is ${type}`)
  }
  for (const [name, type] of before.fields) if (!after.fields.has(name)) out.push(`${name}:${type} is gone`)
  if (places(before).join() !== places(after).join()) out.push('its fields stand in another order')
  if (before.type !== after.type) out.push(`it was a ${before.type} and is a ${after.type}`)
  if (out.length === 0 && before.id !== after.id) out.push(`its id was ${before.id} and is ${after.id}`)
  return out
}

function told(what, before, after) {
  const added = [...after.keys()].filter((name) => !before.has(name))
  const removed = [...before.keys()].filter((name) => !after.has(name))
  const changed = [...after.keys()].filter((name) => before.has(name))
    .map((name) => [name, differences(before.get(name), after.get(name))])
    .filter(([, list]) => list.length > 0).map(([name, list]) => `${name}: ${list.join('; ')}`)
  for (const [how, names] of [['added', added], ['removed', removed], ['changed', changed]]) {
    if (names.length === 0) continue
    console.log(`${names.length} ${what}${names.length === 1 ? '' : 's'} ${how}:`)
    for (const name of names) console.log(`  ${name}`)
  }
  return added.length + removed.length + changed.length
}

const [from, to] = process.argv.slice(2)
if (!from || !to) throw new Error('usage: node changes.mjs OLD.tl NEW.tl')
const before = read(from), after = read(to)
console.log(before.layer === after.layer ? `Layer ${after.layer} as before` : `Layer ${before.layer} → ${after.layer}`)
const all = told('method', before.method, after.method) + told('constructor', before.constructor, after.constructor)
if (all === 0) console.log('Nothing in it has changed.')
