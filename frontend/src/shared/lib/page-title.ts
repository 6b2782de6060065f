/** The tab's title says what is open; read aloud by screen readers when a page changes. */
import { useEffect } from 'react'

const PRODUCT = 'Mentiondesk'

export function usePageTitle(title: string, on = true): void {
  useEffect(() => {
    if (!on) return
    document.title = `${title} · ${PRODUCT}`
    return () => {
      document.title = PRODUCT
    }
  }, [title, on])
}
