import { renderHook } from '@testing-library/react'
import { createElement, type ReactNode } from 'react'
import { IntlProvider } from 'use-intl'
import { afterEach, expect, it, vi } from 'vitest'
import en from './en'
import { readersLanguage, useFlavour, useFormats } from './words'

afterEach(() => {
  vi.unstubAllGlobals()
})

const reading = <T,>(hook: () => T) =>
  renderHook(hook, {
    wrapper: ({ children }: { children: ReactNode }) =>
      createElement(IntlProvider, { locale: 'en', messages: en, timeZone: 'UTC', children }),
  }).result.current

const speaks = (...languages: string[]) => vi.stubGlobal('navigator', { languages })

it('formats as the reader’s own country does', () => {
  speaks('fr-CH', 'en-GB', 'en-US')
  expect(reading(useFlavour)).toBe('en-GB')
  expect(reading(useFormats).dateTime(new Date('2026-03-04T10:00:00Z'), { dateStyle: 'short' })).toBe(
    '04/03/2026',
  )
})

it('survives languages that no standard knows, as bare machines have them', () => {
  speaks('en-US@posix')
  expect(reading(useFlavour)).toBe('en')
  expect(reading(useFormats).number(1234.5)).toBe('1,234.5')
})

it.each([
  [['fr-FR', 'en'], 'fr'],
  [['de', 'fr', 'en'], 'fr'],
  [['de', 'en', 'fr'], 'en'],
  [['ja'], 'en'],
])('%s reads %s', (languages, language) => {
  speaks(...languages)
  expect(readersLanguage()).toBe(language)
})
