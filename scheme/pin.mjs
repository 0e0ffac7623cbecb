// Pins the package, alone and without what it depends on, in package.json and package-lock.json.
//
//   node pin.mjs FOLDER PACKAGE VERSION INTEGRITY
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, name, version, integrity] = process.argv.slice(2)
if (!integrity) throw new Error('usage: node pin.mjs FOLDER PACKAGE VERSION INTEGRITY')

function edit(file, change) {
  const path = join(folder, file)
  const value = JSON.parse(readFileSync(path, 'utf8'))
  change(value)
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
}

edit('package.json', (value) => { value.dependencies[name] = version })
edit('package-lock.json', ({ packages }) => {
  packages[''].dependencies[name] = version
  Object.assign(packages[`node_modules/${name}`], { version, integrity })
})
