/** The console's words: English and French, one catalogue loaded at a time, and keys that the compiler knows. */
import { type ReactNode, use, useEffect, useMemo } from 'react'
import { createFormatter, IntlProvider, useLocale, useMessages, useTimeZone, useTranslations } from 'use-intl'
import { once } from '@/shared/lib/once'
import { setSetting, useSetting } from '@/shared/lib/setting'
import type en from './en'
import { keepTogether } from './french'

export type Language = 'en' | 'fr'
export type Catalogue = typeof en

declare module 'use-intl' {
  interface AppConfig {
    Messages: Catalogue
    Locale: Language
  }
}

/** The same keys as English, with any text. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

const load: Record<Language, () => Promise<Same<Catalogue>>> = {
  en: () => import('./en').then(one => one.default),
  fr: () => import('./fr').then(one => keepTogether(one.default)),
}
const loading = new Map<Language, Promise<Same<Catalogue>>>()

function catalogue(language: Language): Promise<Same<Catalogue>> {
  const known = loading.get(language) ?? load[language]()
  loading.set(language, known)
  return known
}

/** The language of this browser's reader, until they choose another one. */
export function readersLanguage(): Language {
  return navigator.languages.map(one => one.slice(0, 2)).find(one => one === 'fr' || one === 'en') === 'fr'
    ? 'fr'
    : 'en'
}

export function useLanguage(): [Language, (language: Language) => void] {
  const [chosen] = useSetting('language', ['auto', 'en', 'fr'])
  return [chosen === 'auto' ? readersLanguage() : chosen, next => setSetting('language', next)]
}

/** The reader's own flavour of the language, for dates and numbers: British, Canadian, Swiss. */
export function useFlavour(): string {
  return flavour([useLocale(), ...navigator.languages].join(' '))
}

const flavour = once(spoken => {
  const [language = 'en', ...languages] = spoken.split(' ')
  return languages.find(one => one.slice(0, 2) === language && isKnown(one)) ?? language
})

/** Browsers on bare machines name languages that Intl refuses ("en-US@posix"). */
function isKnown(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0
  } catch {
    return false
  }
}

/** Dates, numbers and lists as the reader is used to them. */
export function useFormats() {
  return formats(`${useFlavour()} ${useTimeZone() ?? ''}`)
}

const formats = once(place => {
  const [locale, timeZone] = place.split(' ')
  // use-intl is told that only languages are locales, for the words; its formatter takes any.
  return createFormatter({ locale: locale as Language, ...(timeZone && { timeZone }) })
})

/** Gives words to everything below; suspends until the catalogue is there. */
export function Words({ children }: { children: ReactNode }) {
  const [language] = useLanguage()
  const messages = use(catalogue(language))
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return (
    <IntlProvider
      locale={language}
      messages={messages as Catalogue}
      timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
    >
      {children}
    </IntlProvider>
  )
}

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Gives everything below the words of `more` too, by section; they are none of the keys that the compiler knows. */
export function MoreWords({ more, children }: { more: Sections; children: ReactNode }) {
  const messages: Sections = useMessages()
  const together = useMemo(() => {
    const laid = Object.entries(more).map(([section, words]) => [section, { ...messages[section], ...words }])
    return { ...messages, ...Object.fromEntries(laid) } as Catalogue
  }, [messages, more])
  return (
    <IntlProvider locale={useLocale()} messages={together}>
      {children}
    </IntlProvider>
  )
}

export { useLocale, useTranslations as useWords }
