/** The text as it will go out and whether it may: what stands before the first key is also what the counter counts. Pure. */
import type { Lane, LimitsView, PictureView } from '@/shared/api/views'
import { measure } from '@/shared/text/count'
import { numbered, split } from '@/shared/text/split'

/** The network's mentions in front, except those that the text already makes. */
export function composed(prefix: string, text: string): string {
  const said = text.toLowerCase()
  const missing = prefix.split(/\s+/).filter(handle => handle !== '' && !mentions(said, handle.toLowerCase()))
  return [...missing, text].join(' ').trim()
}

function mentions(text: string, handle: string): boolean {
  const at = text.indexOf(handle)
  if (at === -1) return false
  // "@bea@social.example" is not a mention of "@bea@social.ex".
  return !/[\p{L}\p{N}_@.-]/u.test(text[at + handle.length] ?? ' ') || mentions(text.slice(at + 1), handle)
}

/** The agent's signature at the end of what is said in public, once. */
export function signed(text: string, signature: string): string {
  const words = text.trimEnd()
  return signature === '' || words === '' || words.endsWith(signature) ? text : `${words} ${signature}`
}

export interface Count {
  used: number
  /** The most there may be. */
  most: number
  left: number
  /** What the ring shows. */
  mood: 'quiet' | 'soon' | 'over'
}

const NEAR = 20

/** The limits of a lane: direct messages may have their own. */
export function limitsIn(limits: LimitsView, lane: Lane): LimitsView {
  return lane === 'private' ? (limits.private ?? limits) : limits
}

/** How much of the limit a post uses, counted as the account's own server counts. */
export function counted(prefix: string, text: string, warning: string | null, limits: LimitsView): Count {
  const { used, most } = measure(composed(prefix, text), warning ?? '', limits)
  const left = most - used
  return { used, most, left, mood: left < 0 ? 'over' : left <= NEAR ? 'soon' : 'quiet' }
}

/** A part as it goes out, and how much of its limit it uses. */
export interface Part {
  text: string
  used: number
  most: number
}

/** The parts in which a text that is too long can go out; null when even so it cannot. */
export function partsOf(
  prefix: string,
  text: string,
  warning: string | null,
  limits: LimitsView,
): Part[] | null {
  const measured = (words: string) => measure(composed(prefix, words), warning ?? '', limits)
  const pieces = split(text.trim(), limits, words => {
    const { used, most } = measured(words)
    return used <= most
  })
  return pieces && numbered(pieces).map(words => ({ text: composed(prefix, words), ...measured(words) }))
}

export type Refusal = 'type' | 'size' | 'many'

/** Why a file cannot be attached, before anything is uploaded. */
export function refusesPicture(
  file: { type: string; size: number },
  attached: readonly PictureView[],
  limits: LimitsView,
): Refusal | null {
  if (attached.length >= limits.max_media) return 'many'
  if (!limits.media_types.includes(file.type)) return 'type'
  return file.size > limits.max_media_bytes ? 'size' : null
}
