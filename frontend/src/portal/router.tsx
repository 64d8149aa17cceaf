import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { Inside } from './frame/inside.tsx'
import { Outside } from './frame/outside.tsx'
import { Root } from './frame/root.tsx'
import { SignIn } from './coming/sign-in.tsx'
import type { EventKind, SignInOutcome } from '../gql/customer/graphql.ts'
import type { SignInSearch } from './safety/sign-ins.tsx'

const root = createRootRoute({ component: Root, notFoundComponent: () => <Navigate to="/" /> })
const outside = createRoute({ getParentRoute: () => root, id: 'outside', component: Outside })
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Inside })

const token = (search: Record<string, unknown>) => ({ token: typeof search.token === 'string' ? search.token : '' })
const reset = () => import('./coming/reset.tsx')
const links = () => import('./coming/links.tsx')

const open = [
  createRoute({ getParentRoute: () => outside, path: '/sign-in', component: SignIn, validateSearch: (search): { to?: string } => (typeof search.to === 'string' && search.to.startsWith('/') && !search.to.startsWith('//') ? { to: search.to } : {}) }),
  createRoute({ getParentRoute: () => outside, path: '/sign-up', component: lazyRouteComponent(() => import('./coming/sign-up.tsx'), 'SignUp') }),
  createRoute({ getParentRoute: () => outside, path: '/forgot', component: lazyRouteComponent(reset, 'Forgot') }),
  createRoute({ getParentRoute: () => outside, path: '/closed', component: lazyRouteComponent(() => import('./leaving/closed.tsx'), 'Closed') }),
  createRoute({ getParentRoute: () => outside, path: '/reset', component: lazyRouteComponent(reset, 'Reset'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/confirm', component: lazyRouteComponent(links, 'Confirm'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/revert', component: lazyRouteComponent(links, 'Revert'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/not-me', component: lazyRouteComponent(links, 'NotMe'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/remove-factors', component: lazyRouteComponent(links, 'RemoveFactors'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/remove-me', component: lazyRouteComponent(links, 'RemoveMe'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/unsubscribe', component: lazyRouteComponent(links, 'Unsubscribe'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/policy', component: lazyRouteComponent(() => import('./papers/policy.tsx'), 'Policy'), validateSearch: (search): { version?: string } => (typeof search.version === 'string' ? { version: search.version } : {}) }),
  createRoute({ getParentRoute: () => outside, path: '/secured', component: lazyRouteComponent(() => import('./safety/secured.tsx'), 'Secured') }),
  createRoute({ getParentRoute: () => outside, path: '/cookies', component: lazyRouteComponent(() => import('./papers/cookies.tsx'), 'Cookies') }),
  createRoute({ getParentRoute: () => outside, path: '/contact', component: lazyRouteComponent(() => import('./papers/contact.tsx'), 'Contact') }),
  createRoute({ getParentRoute: () => outside, path: '/collect', component: lazyRouteComponent(() => import('./papers/collect.tsx'), 'Collect') }),
  createRoute({ getParentRoute: () => outside, path: '/certificate', component: lazyRouteComponent(() => import('./papers/certificate.tsx'), 'Certificate'), validateSearch: (search): { code?: string } => (search.code ? { code: String(search.code) } : {}) }),
] as const

const KINDS: readonly string[] = ['ACCESS', 'AUTHENTICATION', 'CREATE', 'MODIFY', 'REMOVE', 'RESTORE', 'NOTICE'] satisfies EventKind[]
const OUTCOMES: readonly string[] = ['SUCCEEDED', 'WRONG_CREDENTIALS', 'SECOND_FACTOR_FAILED', 'THROTTLED', 'BLOCKED', 'CLOSED'] satisfies SignInOutcome[]
const DAY = /^\d{4}-\d{2}-\d{2}$/

function signInSearch({ outcome, from, to }: Record<string, unknown>): SignInSearch {
  return {
    ...(OUTCOMES.includes(String(outcome)) ? { outcome: outcome as SignInOutcome } : {}),
    ...(DAY.test(String(from)) ? { from: String(from) } : {}),
    ...(DAY.test(String(to)) ? { to: String(to) } : {}),
  }
}

const own = [
  createRoute({ getParentRoute: () => inside, path: '/', component: lazyRouteComponent(() => import('./overview/overview.tsx'), 'Overview') }),
  createRoute({ getParentRoute: () => inside, path: '/profile', component: lazyRouteComponent(() => import('./profile/profile.tsx'), 'Profile') }),
  createRoute({ getParentRoute: () => inside, path: '/profile/history', component: lazyRouteComponent(() => import('./profile/history.tsx'), 'History') }),
  createRoute({ getParentRoute: () => inside, path: '/people', component: lazyRouteComponent(() => import('./yours/people.tsx'), 'People') }),
  createRoute({ getParentRoute: () => inside, path: '/payment-methods', component: lazyRouteComponent(() => import('./yours/payment-methods.tsx'), 'PaymentMethods') }),
  createRoute({ getParentRoute: () => inside, path: '/preferences', component: lazyRouteComponent(() => import('./yours/preferences.tsx'), 'Preferences') }),
  createRoute({ getParentRoute: () => inside, path: '/messages', component: lazyRouteComponent(() => import('./yours/messages.tsx'), 'Messages') }),
  createRoute({ getParentRoute: () => inside, path: '/sign-ins', component: lazyRouteComponent(() => import('./safety/sign-ins.tsx'), 'SignIns'), validateSearch: signInSearch }),
  createRoute({ getParentRoute: () => inside, path: '/devices', component: lazyRouteComponent(() => import('./safety/devices.tsx'), 'Devices') }),
  createRoute({ getParentRoute: () => inside, path: '/security', component: lazyRouteComponent(() => import('./safety/security.tsx'), 'Security') }),
  createRoute({ getParentRoute: () => inside, path: '/data', component: lazyRouteComponent(() => import('./privacy/data.tsx'), 'Data') }),
  createRoute({ getParentRoute: () => inside, path: '/data/$entity', component: lazyRouteComponent(() => import('./privacy/section.tsx'), 'Section') }),
  createRoute({ getParentRoute: () => inside, path: '/activity', component: lazyRouteComponent(() => import('./privacy/activity.tsx'), 'Activity'), validateSearch: (search): { kind?: EventKind } => (KINDS.includes(String(search.kind)) ? { kind: search.kind as EventKind } : {}) }),
  createRoute({ getParentRoute: () => inside, path: '/copies', component: lazyRouteComponent(() => import('./privacy/copies.tsx'), 'Copies') }),
  createRoute({ getParentRoute: () => inside, path: '/requests', component: lazyRouteComponent(() => import('./privacy/requests.tsx'), 'Requests') }),
  createRoute({ getParentRoute: () => inside, path: '/complaints', component: lazyRouteComponent(() => import('./privacy/complaints.tsx'), 'Complaints') }),
  createRoute({ getParentRoute: () => inside, path: '/agreement', component: lazyRouteComponent(() => import('./privacy/agreement.tsx'), 'Agreement') }),
  createRoute({ getParentRoute: () => inside, path: '/delete', component: lazyRouteComponent(() => import('./leaving/delete.tsx'), 'Delete') }),
] as const

export const routeTree = root.addChildren([outside.addChildren(open), inside.addChildren(own)])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
