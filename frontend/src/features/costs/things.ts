/** What an adapter charges for, in the reader's language; its bare name where there are no words for it. */
import { useWords } from '@/shared/i18n/words'

export function useThing(): (one: { label: string; name: string }) => string {
  const t = useWords()
  return ({ label, name }) => {
    const known = label as 'costs.free'
    return t.has(known) ? t(known) : name
  }
}
