import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { Invitation } from './coming/invitation.tsx'
import { SignIn } from './coming/sign-in.tsx'
import { Inside } from './frame/inside.tsx'
import { Outside } from './frame/outside.tsx'
import { Root } from './frame/root.tsx'
import { Home } from './home/home.tsx'
import { auditSearch, complaintSearch, periodSearch, queueSearch, text } from './searches.ts'

const root = createRootRoute({ component: Root, notFoundComponent: () => <Navigate to="/" /> })
const outside = createRoute({ getParentRoute: () => root, id: 'outside', component: Outside })
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Inside })

/** Only ways inside the dashboard: a link from elsewhere leads nowhere else. */
const back = (search: Record<string, unknown>): { to?: string } =>
  typeof search.to === 'string' && search.to.startsWith('/') && !search.to.startsWith('//') ? { to: search.to } : {}
const after = (search: Record<string, unknown>) => ({ after: text(search.after) })

const before = [
  createRoute({ getParentRoute: () => outside, path: '/sign-in', component: SignIn, validateSearch: back }),
  createRoute({ getParentRoute: () => outside, path: '/invitation', component: Invitation, validateSearch: (search): { token?: string | undefined } => ({ token: text(search.token) }) }),
] as const

const pages = [
  createRoute({ getParentRoute: () => inside, path: '/', component: Home }),
  createRoute({ getParentRoute: () => inside, path: '/find', component: lazyRouteComponent(() => import('./find/find.tsx'), 'Find') }),
  createRoute({ getParentRoute: () => inside, path: '/requests', validateSearch: queueSearch, component: lazyRouteComponent(() => import('./requests/queue.tsx'), 'Queue') }),
  createRoute({ getParentRoute: () => inside, path: '/requests/$number', component: lazyRouteComponent(() => import('./requests/request.tsx'), 'Request') }),
  createRoute({ getParentRoute: () => inside, path: '/records/$id', validateSearch: (search): { part?: string | undefined } => ({ part: text(search.part) }), component: lazyRouteComponent(() => import('./record/record.tsx'), 'Record') }),
  createRoute({ getParentRoute: () => inside, path: '/conversations', validateSearch: after, component: lazyRouteComponent(() => import('./lists/conversations.tsx'), 'Conversations') }),
  createRoute({ getParentRoute: () => inside, path: '/complaints', validateSearch: complaintSearch, component: lazyRouteComponent(() => import('./complaints/complaints.tsx'), 'Complaints') }),
  createRoute({ getParentRoute: () => inside, path: '/complaints/$number', component: lazyRouteComponent(() => import('./complaints/complaint.tsx'), 'Complaint') }),
  createRoute({ getParentRoute: () => inside, path: '/approvals', validateSearch: after, component: lazyRouteComponent(() => import('./lists/approvals.tsx'), 'Approvals') }),
  createRoute({ getParentRoute: () => inside, path: '/holds', validateSearch: after, component: lazyRouteComponent(() => import('./lists/holds.tsx'), 'Holds') }),
  createRoute({ getParentRoute: () => inside, path: '/reviews', component: lazyRouteComponent(() => import('./lists/reviews.tsx'), 'Reviews') }),
  createRoute({ getParentRoute: () => inside, path: '/certificates', validateSearch: after, component: lazyRouteComponent(() => import('./promises/certificates.tsx'), 'Certificates') }),
  createRoute({ getParentRoute: () => inside, path: '/compliance', validateSearch: periodSearch, component: lazyRouteComponent(() => import('./promises/compliance.tsx'), 'Compliance') }),
  createRoute({ getParentRoute: () => inside, path: '/forecast', validateSearch: (search): { days?: number | undefined } => ({ days: Number(search.days) || undefined }), component: lazyRouteComponent(() => import('./promises/forecast.tsx'), 'Forecast') }),
  createRoute({ getParentRoute: () => inside, path: '/audit', validateSearch: auditSearch, component: lazyRouteComponent(() => import('./promises/audit.tsx'), 'Audit') }),
  createRoute({ getParentRoute: () => inside, path: '/policies', component: lazyRouteComponent(() => import('./promises/policies.tsx'), 'Policies') }),
  createRoute({ getParentRoute: () => inside, path: '/staff', component: lazyRouteComponent(() => import('./people/staff.tsx'), 'Staff') }),
  createRoute({ getParentRoute: () => inside, path: '/me', component: lazyRouteComponent(() => import('./people/my-sign-in.tsx'), 'MySignIn') }),
] as const

export const routeTree = root.addChildren([outside.addChildren(before), inside.addChildren(pages)])

export const router = createRouter({
  routeTree,
  basepath: '/support',
  defaultPreload: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
