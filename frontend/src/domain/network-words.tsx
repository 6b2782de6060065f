/** The words of networks, which come from their adapters: one reads them as the catalogue's own. */
import { type ReactNode, useCallback, useMemo } from 'react'
import type { NetworkView } from '@/shared/api/views'
import { keepTogether } from '@/shared/i18n/french'
import { type Language, MoreWords, useLocale, useWords } from '@/shared/i18n/words'
import { useNetworks } from './desk'

const PARTS = ['connect', 'answer', 'cost', 'trouble'] as const

/** "connect.<network>.<key>" and its like, for everything below; until the server has told them, they are unknown words. */
export function NetworkWords({ children }: { children: ReactNode }) {
  const language = useLocale()
  const networks = useNetworks()
  const more = useMemo(() => laid(networks, language), [networks, language])
  return <MoreWords more={more}>{children}</MoreWords>
}

function laid(networks: readonly NetworkView[], language: Language) {
  const section = (part: (typeof PARTS)[number]) =>
    Object.fromEntries(networks.map(({ name, words }) => [name, said(words, language)?.[part] ?? {}]))
  const all = Object.fromEntries(PARTS.map(part => [part, section(part)]))
  return language === 'fr' ? keepTogether(all) : all
}

/** A network without words in the reader's language has them in English. */
function said(words: NetworkView['words'], language: Language) {
  return words[language] ?? words.en
}

/** The words for a key that an adapter named, or null where there are none. */
export function useNetworkWord(): (key: string) => string | null {
  const t = useWords()
  return useCallback(
    key => {
      const known = key as 'answer.unknown'
      return t.has(known) ? t(known) : null
    },
    [t],
  )
}

/** What a network is called; its bare name where the server does not know it. */
export function useNetworkLabel(): (name: string) => string {
  const language = useLocale()
  const networks = useNetworks()
  return useCallback(
    name => {
      const network = networks.find(one => one.name === name)
      return (network && said(network.words, language)?.label) ?? name
    },
    [networks, language],
  )
}
