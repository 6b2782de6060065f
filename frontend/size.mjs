// Measures what the console loads before its first page stands, and fails above the promise of 200 kB.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const MOST_KB = 200
const built = new URL('../app/console/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', built), 'utf8'))

/** The script of a manifest entry and of everything that it imports statically. */
function scripts(key, found = new Set()) {
  const chunk = manifest[key]
  if (!chunk || found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const imported of chunk.imports ?? []) scripts(imported, found)
  return found
}

const kilobytes = file => gzipSync(readFileSync(new URL(file, built)), { level: 9 }).length / 1000
const entry = Object.keys(manifest).find(key => manifest[key].isEntry)
const pages = Object.keys(manifest).filter(key => key.endsWith('-page.tsx'))
const languages = Object.keys(manifest).filter(key => /i18n\/(en|fr)\/index\.ts$/.test(key))

let worst = 0
for (const page of pages) {
  const loaded = new Set([...scripts(entry), ...scripts(page)])
  // The bigger of the two catalogues comes with every page.
  const words = Math.max(
    ...languages.map(key =>
      [...scripts(key)].reduce((sum, file) => sum + (loaded.has(file) ? 0 : kilobytes(file)), 0),
    ),
  )
  const total = [...loaded].reduce((sum, file) => sum + kilobytes(file), words)
  worst = Math.max(worst, total)
  console.log(`${total.toFixed(1).padStart(7)} kB  ${page.replace('src/', '')}`)
}
if (worst > MOST_KB) {
  console.error(`More than ${MOST_KB} kB (gzip) of JavaScript before the first page stands.`)
  process.exit(1)
}
