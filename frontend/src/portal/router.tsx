import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { Inside } from './frame/inside.tsx'
import { Outside } from './frame/outside.tsx'
import { Root } from './frame/root.tsx'
import { SignIn } from './coming/sign-in.tsx'

const root = createRootRoute({ component: Root, notFoundComponent: () => <Navigate to="/" /> })
const outside = createRoute({ getParentRoute: () => root, id: 'outside', component: Outside })
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Inside })

const open = [
  createRoute({ getParentRoute: () => outside, path: '/sign-in', component: SignIn, validateSearch: (search): { to?: string } => (typeof search.to === 'string' && search.to.startsWith('/') && !search.to.startsWith('//') ? { to: search.to } : {}) }),
  createRoute({ getParentRoute: () => outside, path: '/closed', component: lazyRouteComponent(() => import('./leaving/closed.tsx'), 'Closed') }),
] as const

const home = createRoute({ getParentRoute: () => inside, path: '/', component: lazyRouteComponent(() => import('./overview/overview.tsx'), 'Overview') })

export const router = createRouter({
  routeTree: root.addChildren([outside.addChildren(open), inside.addChildren([home])]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
