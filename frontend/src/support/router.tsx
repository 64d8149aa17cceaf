import { createRootRouteWithContext, createRoute, createRouter, Navigate } from '@tanstack/react-router'
import { type Going, Instead, page } from '../shared/arriving.tsx'
import { PageWaiting } from '../shared/ui/parts.tsx'
import { SignIn } from './coming/sign-in.tsx'
import { Inside } from './frame/inside.tsx'
import { Outside } from './frame/outside.tsx'
import { Root } from './frame/root.tsx'
import { Home } from './home/home.tsx'
import { whoIsOnDuty } from './me.ts'
import { auditSearch, complaintSearch, periodSearch, queueSearch, text } from './searches.ts'

const root = createRootRouteWithContext<Going['context']>()({ component: Root, notFoundComponent: () => <Navigate to="/" /> })
const outside = createRoute({ getParentRoute: () => root, id: 'outside', component: Outside })
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Inside, loader: ({ context }) => context.client && whoIsOnDuty(context.client) })

/** Only ways inside the dashboard: a link from elsewhere leads nowhere else. */
const back = (search: Record<string, unknown>): { to?: string } =>
  typeof search.to === 'string' && search.to.startsWith('/') && !search.to.startsWith('//') ? { to: search.to } : {}
const after = (search: Record<string, unknown>) => ({ after: text(search.after) })

const before = [
  createRoute({ getParentRoute: () => outside, path: '/sign-in', component: SignIn, validateSearch: back }),
  createRoute({ getParentRoute: () => outside, path: '/invitation', validateSearch: (search): { token?: string | undefined } => ({ token: text(search.token) }), ...page(() => import('./coming/invitation.tsx'), 'Invitation') }),
] as const

const pages = [
  createRoute({ getParentRoute: () => inside, path: '/', component: Home }),
  createRoute({ getParentRoute: () => inside, path: '/find', ...page(() => import('./find/find.tsx'), 'Find') }),
  createRoute({ getParentRoute: () => inside, path: '/requests', validateSearch: queueSearch, ...page(() => import('./requests/queue.tsx'), 'Queue') }),
  createRoute({ getParentRoute: () => inside, path: '/requests/$number', ...page(() => import('./requests/request.tsx'), 'Request') }),
  createRoute({ getParentRoute: () => inside, path: '/records/$id', validateSearch: (search): { part?: string | undefined } => ({ part: text(search.part) }), ...page(() => import('./record/record.tsx'), 'Record') }),
  createRoute({ getParentRoute: () => inside, path: '/conversations', validateSearch: after, ...page(() => import('./lists/conversations.tsx'), 'Conversations') }),
  createRoute({ getParentRoute: () => inside, path: '/complaints', validateSearch: complaintSearch, ...page(() => import('./complaints/complaints.tsx'), 'Complaints') }),
  createRoute({ getParentRoute: () => inside, path: '/complaints/$number', ...page(() => import('./complaints/complaint.tsx'), 'Complaint') }),
  createRoute({ getParentRoute: () => inside, path: '/approvals', validateSearch: after, ...page(() => import('./lists/approvals.tsx'), 'Approvals') }),
  createRoute({ getParentRoute: () => inside, path: '/holds', validateSearch: after, ...page(() => import('./lists/holds.tsx'), 'Holds') }),
  createRoute({ getParentRoute: () => inside, path: '/reviews', ...page(() => import('./lists/reviews.tsx'), 'Reviews') }),
  createRoute({ getParentRoute: () => inside, path: '/certificates', validateSearch: after, ...page(() => import('./promises/certificates.tsx'), 'Certificates') }),
  createRoute({ getParentRoute: () => inside, path: '/compliance', validateSearch: periodSearch, ...page(() => import('./promises/compliance.tsx'), 'Compliance') }),
  createRoute({ getParentRoute: () => inside, path: '/forecast', validateSearch: (search): { days?: number | undefined } => ({ days: Number(search.days) || undefined }), ...page(() => import('./promises/forecast.tsx'), 'Forecast') }),
  createRoute({ getParentRoute: () => inside, path: '/audit', validateSearch: auditSearch, ...page(() => import('./promises/audit.tsx'), 'Audit') }),
  createRoute({ getParentRoute: () => inside, path: '/policies', ...page(() => import('./promises/policies.tsx'), 'Policies') }),
  createRoute({ getParentRoute: () => inside, path: '/staff', ...page(() => import('./people/staff.tsx'), 'Staff') }),
  createRoute({ getParentRoute: () => inside, path: '/me', ...page(() => import('./people/my-sign-in.tsx'), 'MySignIn') }),
] as const

export const routeTree = root.addChildren([outside.addChildren(before), inside.addChildren(pages)])

export const router = createRouter({
  routeTree,
  basepath: '/support',
  defaultPreload: false,
  defaultGcTime: 0,
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
