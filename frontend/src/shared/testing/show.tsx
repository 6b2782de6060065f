/** Renders a piece of the console with words and a query cache, as the app would. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type RenderResult, render } from '@testing-library/react'
import type { ReactElement } from 'react'
import { IntlProvider } from 'use-intl'
import en from '@/shared/i18n/en'
import fr from '@/shared/i18n/fr'
import type { Catalogue, Language } from '@/shared/i18n/words'

export function testClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: Number.POSITIVE_INFINITY },
      mutations: { retry: false },
    },
  })
}

export function show(
  element: ReactElement,
  { client = testClient(), language = 'en' }: { client?: QueryClient; language?: Language } = {},
): RenderResult & { client: QueryClient } {
  const wrap = (inner: ReactElement) => (
    <QueryClientProvider client={client}>
      <IntlProvider
        locale={language}
        messages={(language === 'en' ? en : fr) as Catalogue}
        timeZone="Europe/Paris"
      >
        {inner}
      </IntlProvider>
    </QueryClientProvider>
  )
  const shown = render(wrap(element))
  return { ...shown, rerender: next => shown.rerender(wrap(next as ReactElement)), client }
}
