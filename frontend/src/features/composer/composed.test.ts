import { describe, expect, it } from 'vitest'
import { anAccount } from '@/shared/testing/given'
import { composed, counted, refusesPicture, signed } from './composed'

const { limits } = anAccount()

describe('the text as it goes out', () => {
  it.each([
    ['@bea@social.example', 'We are on it.', '@bea@social.example We are on it.'],
    ['@bea@social.example', 'Hello @Bea@social.example, we are.', 'Hello @Bea@social.example, we are.'],
    ['@bea@social.ex', 'Hello @bea@social.example', '@bea@social.ex Hello @bea@social.example'],
    ['@bea@a.example @kai@b.example', '@bea@a.example yes', '@kai@b.example @bea@a.example yes'],
    ['@bea@a.example', '', '@bea@a.example'],
    ['', 'plain', 'plain'],
  ])('%s + %s', (prefix, text, whole) => {
    expect(composed(prefix, text)).toBe(whole)
  })
})

it('signs once, and never an empty text', () => {
  expect(signed('We are on it.', '^AL')).toBe('We are on it. ^AL')
  expect(signed('We are on it. ^AL ', '^AL')).toBe('We are on it. ^AL ')
  expect(signed('  ', '^AL')).toBe('  ')
  expect(signed('We are on it.', '')).toBe('We are on it.')
})

describe('the counter', () => {
  it('counts what will go out: mentions short, links by weight, the warning too', () => {
    const { used } = counted(
      '@bea@social.example',
      'see https://acme.example/a/very/long/path?with=more',
      'cw',
      limits,
    )
    expect(used).toBe('cw@bea see '.length + 23)
  })

  it('is quiet, warns at the last twenty, and says what is over', () => {
    const at = (n: number) => counted('', 'x'.repeat(n), null, limits)
    expect(at(479)).toMatchObject({ left: 21, mood: 'quiet' })
    expect(at(480)).toMatchObject({ left: 20, mood: 'soon' })
    expect(at(500)).toMatchObject({ left: 0, mood: 'soon' })
    expect(at(501)).toMatchObject({ left: -1, mood: 'over' })
  })
})

it('refuses pictures the server would refuse', () => {
  const picture = { id: 'pc_1', filename: 'a.png', media_type: 'image/png', alt: '', size: 1 }
  expect(refusesPicture({ type: 'image/png', size: 10 }, [], limits)).toBeNull()
  expect(refusesPicture({ type: 'image/tiff', size: 10 }, [], limits)).toBe('type')
  expect(refusesPicture({ type: 'image/png', size: 9_000_000 }, [], limits)).toBe('size')
  expect(refusesPicture({ type: 'image/png', size: 10 }, [picture, picture, picture, picture], limits)).toBe(
    'many',
  )
})
