/** A length of working time in words. */
import { useLocale } from '@/shared/i18n/words'
import { formatDuration } from '@/shared/lib/duration'

export function useLength(): (seconds: number) => string {
  const language = useLocale() === 'fr' ? 'fr' : 'en'
  return seconds => formatDuration(seconds, language)
}
