/** Providers, from the outside in: cache, words, pages. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { Words } from '@/shared/i18n/words'
import { useSetting } from '@/shared/lib/setting'
import { TipLayer } from '@/shared/ui/tip-layer'
import { ToastRegion } from '@/shared/ui/toast'
import { createQueryClient } from './query-client'
import { createDeskRouter } from './router'

const client = createQueryClient()
const router = createDeskRouter(client)

function useTheme() {
  const [theme] = useSetting('theme', ['auto', 'light', 'dark'])
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }, [theme])
}

export function App() {
  useTheme()
  return (
    <QueryClientProvider client={client}>
      <Suspense>
        <Words>
          <RouterProvider router={router} />
          <ToastRegion />
          <TipLayer />
        </Words>
      </Suspense>
    </QueryClientProvider>
  )
}
