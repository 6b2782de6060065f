/**
 * Starts the reference PLC directory, PDS and AppView on loopback, and says where they are; ends with its standard input.
 *
 * Run in the folder where the packages are. One line of JSON comes when everything answers; POST to its control address
 * waits until the AppView has seen all that the PDS has.
 */
import http from 'node:http'
import { createRequire } from 'node:module'
import net from 'node:net'

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...given) {
  // what the servers listen on is nobody's business but this machine's
  const [first, ...rest] = given
  if (typeof first === 'number') {
    const after = rest.find((one) => typeof one === 'function')
    return listen.call(this, { port: first, host: '127.0.0.1' }, ...(after ? [after] : []))
  }
  if (first && typeof first === 'object' && 'port' in first) return listen.call(this, { ...first, host: '127.0.0.1' }, ...rest)
  return listen.apply(this, given)
}

const require = createRequire(`${process.cwd()}/`)
const pg = require('pg')
const query = pg.Client.prototype.query
pg.Client.prototype.query = function (asked, ...rest) {
  // The PostgreSQL of the tests comes without pg_trgm, which only the search for people by parts of their names uses.
  return query.call(this, typeof asked === 'string' && /pg_trgm|_trgm_ops/.test(asked) ? 'select 1' : asked, ...rest)
}

const env = require('@atproto/dev-env')

async function processAll() {
  await pds.processAll()
  const last = (await pds.ctx.sequencer.curr()) ?? 0
  const until = Date.now() + 45_000
  while (((await bsky.sub.runner.getCursor()) ?? 0) < last) {
    if (Date.now() > until) return false
    await bsky.sub.processAll()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return true
}

const port = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, () => {
      const found = server.address().port
      server.close(() => resolve(found))
    })
  })

const plc = await env.TestPlc.create({})
const pdsPort = await port()
const bsky = await env.TestBsky.create({
  port: await port(),
  plcUrl: plc.url,
  pdsPort,
  repoProvider: `ws://localhost:${pdsPort}`,
  dbPostgresUrl: process.env.DB_POSTGRES_URL,
  dbPostgresSchema: process.env.DB_POSTGRES_SCHEMA,
})
const pds = await env.TestPds.create({
  port: pdsPort,
  didPlcUrl: plc.url,
  bskyAppViewUrl: bsky.url,
  bskyAppViewDid: bsky.ctx.cfg.serverDid,
})
env.mockNetworkUtilities(pds, bsky)

const control = http.createServer(async (_request, response) => {
  response.writeHead((await processAll()) ? 200 : 504).end()
})
control.listen(0, () => {
  const address = (one) => one.replace('localhost', '127.0.0.1')
  const said = { directory: address(plc.url), pds: pds.url, appview: address(bsky.url), control: `http://127.0.0.1:${control.address().port}` }
  process.stdout.write(`${JSON.stringify(said)}\n`)
})
process.stdin.resume().on('end', () => process.exit(0))
