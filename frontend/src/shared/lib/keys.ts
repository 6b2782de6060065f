/** Bind keys to functions: single keys, sequences ("g i") and chords ("mod+k"), silent while somebody types. */
import { useEffect, useRef } from 'react'
import { getSetting } from './setting'

/** "j", "?", "Escape", "g i" (one after the other within a second), "mod+k" (cmd on a Mac, ctrl elsewhere), "mod+shift+Enter". */
export type Combo = string

/** Returns false to let the key go on to others. */
export type Deed = (event: KeyboardEvent) => unknown

const SEQUENCE_MS = 1000
/** Who was typing when the page changed under them is done when they pause this long. */
const PAUSE_MS = 600

interface Binding {
  steps: string[]
  deed: Deed
}

const isMac = () => /mac|iphone|ipad/i.test(navigator.platform)

/** The pressed key in the words of a combo. */
export function spell(event: KeyboardEvent): string {
  const mod = isMac() ? event.metaKey : event.ctrlKey
  const other = isMac() ? event.ctrlKey : event.metaKey
  const letter = event.key.length === 1
  return [
    mod && 'mod',
    other && 'meta',
    event.altKey && 'alt',
    // A character already says its shift ("?" is shift and something, elsewhere on each keyboard).
    event.shiftKey && (!letter || mod) && 'shift',
    letter ? event.key.toLowerCase() : event.key,
  ]
    .filter(Boolean)
    .join('+')
}

/** Whether keys belong to a text field, a menu or a dialog rather than to the page. */
export function isBusyElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return (
    target.closest(
      'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=""], [contenteditable=true], [role=menu], [role=listbox], [role=dialog], [role=alertdialog], [role=combobox]',
    ) !== null
  )
}

/** All bindings of the page; the newest that fits wins. */
export function createKeys() {
  const bindings: Binding[] = []
  let pressed: string[] = []
  let pressedAt = 0
  let holding = 0
  let kept: KeyboardEvent[] = []
  let keptAt = Number.NEGATIVE_INFINITY

  /** Keys meant for what is not there yet: they are used up, also the rest of what is being typed. */
  const keep = (event: KeyboardEvent): boolean => {
    if (holding === 0 && event.timeStamp - keptAt > PAUSE_MS) return false
    keptAt = event.timeStamp
    if (holding > 0) kept.push(event)
    pressed = []
    event.preventDefault()
    return true
  }

  const handle = (event: KeyboardEvent): boolean => {
    if (
      event.defaultPrevented ||
      event.isComposing ||
      ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)
    )
      return false
    const key = spell(event)
    const chord = key.includes('mod+')
    if (
      !chord &&
      (isBusyElsewhere(event.target) ||
        (key.length === 1 && getSetting('single-keys', ['on', 'off']) === 'off'))
    ) {
      pressed = []
      return false
    }
    if (key.length === 1 && keep(event)) return true
    if (event.timeStamp - pressedAt > SEQUENCE_MS) pressed = []
    pressedAt = event.timeStamp
    pressed = [...pressed, key]
    const fits = (steps: string[], upTo: number) => pressed.every((one, i) => i >= upTo || steps[i] === one)
    for (const binding of bindings.toReversed()) {
      if (binding.steps.length === pressed.length && fits(binding.steps, pressed.length)) {
        if (binding.deed(event) === false) continue
        pressed = []
        event.preventDefault()
        return true
      }
    }
    if (!bindings.some(one => one.steps.length > pressed.length && fits(one.steps, pressed.length))) {
      // "g j" is no sequence, but its "j" still counts.
      const again = pressed.length > 1
      pressed = []
      if (again) return handle(event)
    }
    return false
  }

  return {
    /** Bind; the answer takes the binding away. */
    bind(combo: Combo, deed: Deed): () => void {
      const binding = { steps: combo.split(' '), deed }
      bindings.push(binding)
      return () => {
        bindings.splice(bindings.indexOf(binding), 1)
      }
    },
    handle,
    /**
     * What is under way decides what the next keys are for. Until it is done they do nothing; a single one is carried
     * out then, more were a text, and the rest of that is no list of commands either.
     */
    hold(underWay: Promise<unknown>): void {
      holding += 1
      const done = () => {
        holding -= 1
        if (holding > 0) return
        const [first, ...more] = kept
        kept = []
        if (!first || more.length > 0 || isBusyElsewhere(document.activeElement)) return
        keptAt = Number.NEGATIVE_INFINITY
        handle(new KeyboardEvent('keydown', first))
      }
      // A moment later what came of it is drawn, and has bound its keys.
      underWay.finally(() => setTimeout(done)).catch(() => {})
    },
  }
}

export const keys = createKeys()

/** Listen for keys on the whole page; called once, by the shell. */
export function listenForKeys(): () => void {
  const listener = (event: KeyboardEvent) => {
    keys.handle(event)
  }
  document.addEventListener('keydown', listener)
  return () => document.removeEventListener('keydown', listener)
}

/** Bind keys while the component is shown and `on`. */
export function useKeys(map: Record<Combo, Deed | undefined>, on = true): void {
  const latest = useRef(map)
  useEffect(() => {
    latest.current = map
  })
  const combos = Object.keys(map).join('\n')
  useEffect(() => {
    if (!on) return
    const unbind = combos
      .split('\n')
      .filter(Boolean)
      .map(combo => keys.bind(combo, event => (latest.current[combo] ?? (() => false))(event)))
    return () => {
      for (const one of unbind) one()
    }
  }, [combos, on])
}

const SYMBOLS: Record<string, string> = {
  Enter: '↵',
  Escape: 'Esc',
  ArrowDown: '↓',
  ArrowUp: '↑',
  shift: '⇧',
  alt: 'Alt',
}

/** A combo as people read it on their keyboard: one item per key, sequences apart. */
export function readable(combo: Combo): string[][] {
  const mod = isMac() ? '⌘' : 'Ctrl'
  return combo
    .split(' ')
    .map(step => step.split('+').map(key => (key === 'mod' ? mod : (SYMBOLS[key] ?? key.toUpperCase()))))
}
