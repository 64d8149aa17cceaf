import { createRootRouteWithContext, createRoute, createRouter, Navigate } from '@tanstack/react-router'
import { Inside } from './frame/inside.tsx'
import { Outside } from './frame/outside.tsx'
import { Root } from './frame/root.tsx'
import { type Going, Instead, page } from '../shared/arriving.tsx'
import { PageWaiting } from '../shared/ui/parts.tsx'
import { SignIn } from './coming/sign-in.tsx'
import { Overview } from './overview/overview.tsx'
import type { EventKind, SignInOutcome } from '../gql/customer/graphql.ts'
import type { SignInSearch } from './safety/sign-ins.tsx'

const root = createRootRouteWithContext<Going['context']>()({ component: Root, notFoundComponent: () => <Navigate to="/" /> })
const outside = createRoute({ getParentRoute: () => root, id: 'outside', component: Outside })
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Inside, loader: ({ context }) => context.client && Inside.before(context.client) })

const token = (search: Record<string, unknown>) => ({ token: typeof search.token === 'string' ? search.token : '' })
const reset = () => import('./coming/reset.tsx')
const links = () => import('./coming/links.tsx')

const open = [
  createRoute({ getParentRoute: () => outside, path: '/sign-in', component: SignIn, validateSearch: (search): { to?: string } => (typeof search.to === 'string' && search.to.startsWith('/') && !search.to.startsWith('//') ? { to: search.to } : {}) }),
  createRoute({ getParentRoute: () => outside, path: '/sign-up', ...page(() => import('./coming/sign-up.tsx'), 'SignUp') }),
  createRoute({ getParentRoute: () => outside, path: '/forgot', ...page(reset, 'Forgot') }),
  createRoute({ getParentRoute: () => outside, path: '/closed', ...page(() => import('./leaving/closed.tsx'), 'Closed') }),
  createRoute({ getParentRoute: () => outside, path: '/reset', ...page(reset, 'Reset'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/confirm', ...page(links, 'Confirm'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/revert', ...page(links, 'Revert'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/not-me', ...page(links, 'NotMe'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/remove-factors', ...page(links, 'RemoveFactors'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/remove-me', ...page(links, 'RemoveMe'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/unsubscribe', ...page(links, 'Unsubscribe'), validateSearch: token }),
  createRoute({ getParentRoute: () => outside, path: '/policy', ...page(() => import('./papers/policy.tsx'), 'Policy'), validateSearch: (search): { version?: string } => (typeof search.version === 'string' ? { version: search.version } : {}) }),
  createRoute({ getParentRoute: () => outside, path: '/secured', ...page(() => import('./safety/secured.tsx'), 'Secured') }),
  createRoute({ getParentRoute: () => outside, path: '/cookies', ...page(() => import('./papers/cookies.tsx'), 'Cookies') }),
  createRoute({ getParentRoute: () => outside, path: '/contact', ...page(() => import('./papers/contact.tsx'), 'Contact') }),
  createRoute({ getParentRoute: () => outside, path: '/collect', ...page(() => import('./papers/collect.tsx'), 'Collect') }),
  createRoute({ getParentRoute: () => outside, path: '/certificate', ...page(() => import('./papers/certificate.tsx'), 'Certificate'), validateSearch: (search): { code?: string } => (search.code ? { code: String(search.code) } : {}) }),
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
  createRoute({ getParentRoute: () => inside, path: '/', component: Overview, loader: ({ context }) => context.client && Overview.before(context.client) }),
  createRoute({ getParentRoute: () => inside, path: '/profile', ...page(() => import('./profile/profile.tsx'), 'Profile') }),
  createRoute({ getParentRoute: () => inside, path: '/profile/history', ...page(() => import('./profile/history.tsx'), 'History') }),
  createRoute({ getParentRoute: () => inside, path: '/people', ...page(() => import('./yours/people.tsx'), 'People') }),
  createRoute({ getParentRoute: () => inside, path: '/payment-methods', ...page(() => import('./yours/payment-methods.tsx'), 'PaymentMethods') }),
  createRoute({ getParentRoute: () => inside, path: '/preferences', ...page(() => import('./yours/preferences.tsx'), 'Preferences') }),
  createRoute({ getParentRoute: () => inside, path: '/messages', ...page(() => import('./yours/messages.tsx'), 'Messages') }),
  createRoute({ getParentRoute: () => inside, path: '/sign-ins', ...page(() => import('./safety/sign-ins.tsx'), 'SignIns'), validateSearch: signInSearch }),
  createRoute({ getParentRoute: () => inside, path: '/devices', ...page(() => import('./safety/devices.tsx'), 'Devices') }),
  createRoute({ getParentRoute: () => inside, path: '/security', ...page(() => import('./safety/security.tsx'), 'Security') }),
  createRoute({ getParentRoute: () => inside, path: '/data', ...page(() => import('./privacy/data.tsx'), 'Data') }),
  createRoute({ getParentRoute: () => inside, path: '/data/$entity', ...page(() => import('./privacy/section.tsx'), 'Section') }),
  createRoute({ getParentRoute: () => inside, path: '/activity', ...page(() => import('./privacy/activity.tsx'), 'Activity'), validateSearch: (search): { kind?: EventKind } => (KINDS.includes(String(search.kind)) ? { kind: search.kind as EventKind } : {}) }),
  createRoute({ getParentRoute: () => inside, path: '/copies', ...page(() => import('./privacy/copies.tsx'), 'Copies') }),
  createRoute({ getParentRoute: () => inside, path: '/requests', ...page(() => import('./privacy/requests.tsx'), 'Requests') }),
  createRoute({ getParentRoute: () => inside, path: '/complaints', ...page(() => import('./privacy/complaints.tsx'), 'Complaints') }),
  createRoute({ getParentRoute: () => inside, path: '/agreement', ...page(() => import('./privacy/agreement.tsx'), 'Agreement') }),
  createRoute({ getParentRoute: () => inside, path: '/delete', ...page(() => import('./leaving/delete.tsx'), 'Delete') }),
] as const

export const routeTree = root.addChildren([outside.addChildren(open), inside.addChildren(own)])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultGcTime: 0, // a page that comes again asks again, so that it is there whole
  defaultPendingMs: 300,
  defaultPendingMinMs: 0,
  defaultPendingComponent: PageWaiting,
  defaultErrorComponent: Instead,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
