/** A password that can be read aloud and typed once: four groups of four signs that nobody confuses. */

const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789'

export function firstPassword(): string {
  const groups: string[] = []
  for (let group = 0; group < 4; group++) {
    let text = ''
    while (text.length < 4) {
      const [byte = 0] = crypto.getRandomValues(new Uint8Array(1))
      // The rest that does not divide evenly is thrown away, so that every sign is as likely.
      if (byte < 256 - (256 % SIGNS.length)) text += SIGNS[byte % SIGNS.length]
    }
    groups.push(text)
  }
  return groups.join('-')
}
