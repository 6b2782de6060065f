/** Why a line or a job came to nothing: in the reader's words where there are some, else in the server's own. */
import { useWords } from '@/shared/i18n/words'

export function Reason({ code, sentence }: { code: string | null; sentence: string }) {
  const t = useWords('transfer')
  const known = `why.${code}` as Parameters<typeof t.has>[0]
  if (code !== null && t.has(known)) return t(known as 'why.not_json')
  return <span lang="en">{sentence}</span>
}
