import type { PropsWithChildren } from 'react'
import type { WhoIsInQuery } from '../../gql/customer/graphql.ts'

export type ViewerData = NonNullable<WhoIsInQuery['viewer']>

export function Shell({ viewer, children }: PropsWithChildren<{ viewer: ViewerData }>) {
  return <div className="inside-frame"><main id="main" tabIndex={-1}><p>{viewer.profile.email}</p>{children}</main></div>
}
