/** The URL map: every page of the console on one screen. Each page is loaded when it is first gone to. */
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { readInboxSearch, readInboxView } from '@/domain/inbox-address'
import { sessionQuery } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'
import { Crash } from './crash'
import { NotFound } from './not-found'
import { Shell } from './shell'

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Crash,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ back }: Record<string, unknown>): { back?: string } => {
    // Only our own pages: an address from outside must not be followed after signing in.
    return typeof back === 'string' && /^\/(?!\/)/.test(back) ? { back } : {}
  },
  component: lazyRouteComponent(() => import('@/features/sign-in/sign-in-page'), 'SignInPage'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('@/features/setup/setup-page'), 'SetupPage'),
})

/** Of the address's search, these names, where they are words. */
function keep<K extends string>(
  ...names: K[]
): (search: Record<string, unknown>) => Partial<Record<K, string>> {
  return search => {
    const kept: Partial<Record<K, string>> = {}
    for (const name of names) {
      const value = search[name]
      if (typeof value === 'string') kept[name] = value
      else if (typeof value === 'number') kept[name] = String(value)
    }
    return kept
  }
}

/** Everything behind the sign-in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.client.ensureQueryData(sessionQuery)
    } catch (error) {
      if (!(error instanceof Problem && error.status === 401)) throw error
      const { needed } = await answer(api.GET('/api/v1/setup'))
      if (needed) throw redirect({ to: '/setup' })
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { back: location.href } })
    }
  },
})

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view', params: { view: 'all_open' } })
  },
})

const inboxHome = createRoute({
  getParentRoute: () => inside,
  path: '/inbox',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view', params: { view: 'all_open' } })
  },
})

const inbox = createRoute({
  getParentRoute: () => inside,
  path: '/inbox/$view',
  params: { parse: ({ view }) => ({ view: readInboxView(view) }), stringify: ({ view }) => ({ view }) },
  validateSearch: readInboxSearch,
  component: lazyRouteComponent(() => import('./desk-page'), 'DeskPage'),
})

const ticket = createRoute({
  getParentRoute: () => inbox,
  path: '/$ticketId',
})

const byNumber = createRoute({
  getParentRoute: () => inside,
  path: '/tickets/$number',
  beforeLoad: async ({ params }) => {
    const { id } = await answer(
      api.GET('/api/v1/tickets/by-number/{number}', { params: { path: { number: Number(params.number) } } }),
    ).catch(error => {
      throw error instanceof Problem && [404, 422].includes(error.status) ? notFound() : error
    })
    throw redirect({ to: '/inbox/$view/$ticketId', params: { view: 'all_open', ticketId: id } })
  },
})

const promises = createRoute({
  getParentRoute: () => inside,
  path: '/promises',
  validateSearch: keep('tab', 'policy', 'calendar'),
  component: lazyRouteComponent(() => import('@/features/promises/promises-page'), 'PromisesPage'),
})

const accounts = createRoute({
  getParentRoute: () => inside,
  path: '/accounts',
  validateSearch: keep('connect', 'connected', 'problem'),
  component: lazyRouteComponent(() => import('@/features/accounts/accounts-page'), 'AccountsPage'),
})

const costs = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$accountId/costs',
  component: lazyRouteComponent(() => import('@/features/costs/costs-page'), 'CostsPage'),
})

const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  validateSearch: keep('tab'),
  component: lazyRouteComponent(() => import('@/features/people/people-page'), 'PeoplePage'),
})

const webhooks = createRoute({
  getParentRoute: () => inside,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('@/features/webhooks/webhooks-page'), 'WebhooksPage'),
})

const transfer = createRoute({
  getParentRoute: () => inside,
  path: '/transfer',
  component: lazyRouteComponent(() => import('@/features/transfer/transfer-page'), 'TransferPage'),
})

export function createDeskRouter(client: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      setup,
      inside.addChildren([
        home,
        inboxHome,
        inbox.addChildren([ticket]),
        byNumber,
        promises,
        accounts,
        costs,
        people,
        webhooks,
        transfer,
      ]),
    ]),
    context: { client },
    defaultPreload: 'intent',
    // The query cache knows what is fresh; the router keeps nothing of its own.
    defaultPreloadStaleTime: 0,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createDeskRouter>
  }
}
