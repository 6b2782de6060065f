/** What an adapter charges for, in the reader's language; its bare name where there are no words for it. */
import { useNetworkWord } from '@/domain/network-words'

export function useThing(): (one: { label: string; name: string }) => string {
  const word = useNetworkWord()
  return ({ label, name }) => word(label) ?? name
}
