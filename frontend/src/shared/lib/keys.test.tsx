import { beforeEach, describe, expect, it } from 'vitest'
import { createKeys, readable } from './keys'

let keys = createKeys()
let seen: string[] = []
let at = 0

beforeEach(() => {
  keys = createKeys()
  seen = []
  at = 0
  document.body.innerHTML =
    '<input id="field"><button id="button"></button><div role="dialog"><button id="in-dialog"></button></div>'
})

function press(
  key: string,
  { on = 'button', after = 50, ...init }: KeyboardEventInit & { on?: string; after?: number } = {},
) {
  at += after
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })
  Object.defineProperty(event, 'timeStamp', { value: at })
  Object.defineProperty(event, 'target', { value: document.getElementById(on) })
  keys.handle(event)
  return event
}
const note = (word: string) => () => {
  seen.push(word)
}

describe('single keys', () => {
  it('call their function and are used up', () => {
    keys.bind('j', note('next'))
    expect(press('j').defaultPrevented).toBe(true)
    expect(press('x').defaultPrevented).toBe(false)
    expect(seen).toEqual(['next'])
  })

  it('are silent in text fields and dialogs', () => {
    keys.bind('j', note('next'))
    press('j', { on: 'field' })
    press('j', { on: 'in-dialog' })
    expect(seen).toEqual([])
  })

  it('leave what the browser means alone', () => {
    keys.bind('r', note('reply'))
    press('r', { ctrlKey: true })
    press('r', { altKey: true })
    press('r', { isComposing: true })
    expect(seen).toEqual([])
  })

  it('can be switched off, and chords with them stay (WCAG 2.1.4)', () => {
    localStorage.setItem('mentiondesk.single-keys', 'off')
    keys.bind('j', note('next'))
    keys.bind('mod+k', note('everything'))
    press('j')
    press('k', { ctrlKey: true })
    expect(seen).toEqual(['everything'])
  })

  it('find signs that need shift', () => {
    keys.bind('?', note('help'))
    press('?', { shiftKey: true })
    expect(seen).toEqual(['help'])
  })
})

describe('sequences', () => {
  it('need both keys in time', () => {
    keys.bind('g i', note('inbox'))
    press('g')
    press('i')
    expect(seen).toEqual(['inbox'])
    press('g')
    press('i', { after: 1500 })
    expect(seen).toEqual(['inbox'])
  })

  it('win over the single key, and let it live when they do not come about', () => {
    keys.bind('g i', note('inbox'))
    keys.bind('i', note('i'))
    keys.bind('j', note('j'))
    press('g')
    press('i')
    press('g')
    press('j')
    press('i')
    expect(seen).toEqual(['inbox', 'j', 'i'])
  })
})

describe('chords', () => {
  it('work in text fields too', () => {
    keys.bind('mod+k', note('everything'))
    press('k', { ctrlKey: true, on: 'field' })
    expect(seen).toEqual(['everything'])
  })

  it('tell shift apart', () => {
    keys.bind('mod+Enter', note('send'))
    keys.bind('mod+shift+Enter', note('send and resolve'))
    press('Enter', { ctrlKey: true, shiftKey: true, on: 'field' })
    expect(seen).toEqual(['send and resolve'])
  })
})

describe('while something is under way', () => {
  const wait = async (typed: string) => {
    let finish = () => {}
    keys.hold(
      new Promise<void>(resolve => {
        finish = resolve
      }),
    )
    for (const key of typed) press(key)
    expect(seen).toEqual([])
    finish()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  beforeEach(() => {
    for (const key of ['t', 'r', 'e']) keys.bind(key, note(key))
  })

  it('a key waits for it', async () => {
    await wait('r')
    expect(seen).toEqual(['r'])
  })

  it('a text becomes no commands, not even its end', async () => {
    await wait('rhe')
    press('e')
    expect(seen).toEqual([])
    press('e', { after: 1000 })
    expect(seen).toEqual(['e'])
  })

  it('fields and chords live on, and so do keys when it failed', async () => {
    keys.bind('mod+k', note('everything'))
    keys.hold(Promise.reject(new Error('no ticket')))
    expect(press('x', { on: 'field' }).defaultPrevented).toBe(false)
    press('k', { ctrlKey: true })
    await new Promise(resolve => setTimeout(resolve, 5))
    press('t')
    expect(seen).toEqual(['everything', 't'])
  })
})

it('prefers the newest binding, and falls back when that declines or is gone', () => {
  keys.bind('Escape', note('page'))
  const unbind = keys.bind('Escape', note('panel'))
  keys.bind('Escape', () => false)
  press('Escape')
  unbind()
  press('Escape')
  expect(seen).toEqual(['panel', 'page'])
})

it('reads combos aloud', () => {
  expect(readable('g i')).toEqual([['G'], ['I']])
  expect(readable('mod+shift+Enter')).toEqual([['Ctrl', '⇧', '↵']])
})
