// Check that a delivery comes from Mentiondesk and is unchanged. Node 18 or newer, nothing to install.
import { createHmac, timingSafeEqual } from 'node:crypto'

// True when one of the signatures is right and the delivery is at most five minutes old.
// `headers` have their names in lower case; `body` is the Buffer as it came, before anything parses it.
export function verify(secret, headers, body) {
  const sentAt = Number(headers['webhook-timestamp'])
  if (!(Math.abs(Date.now() / 1000 - sentAt) <= 300)) return false
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const expected = createHmac('sha256', key)
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`)
    .update(body)
    .digest()
  // While a secret is being replaced there are two signatures; one of them is enough.
  return (headers['webhook-signature'] ?? '').split(' ').some(one => {
    const given = Buffer.from(one.replace('v1,', ''), 'base64')
    return one.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
  })
}
