import { graphql } from '../../gql/customer'
import type { ClosureParts_ClosureFragment } from '../../gql/customer/graphql.ts'

/** What the owner of a closed account is shown; nobody is signed in then, so it lives in memory only. */
export const Parts = graphql(`
  fragment ClosureParts_Closure on Closure {
    closedAt
    by
    termsClause
    reason
    eraseAt
    eraseBy
    howToRestore
    remains { title basis until }
    requests { id number kind status receivedAt dueAt }
  }
`)

export interface Told {
  closure: ClosureParts_ClosureFragment
  /** Only just after deleting. */
  code?: string
}

let told: Told | undefined

export const tellClosure = (found: Told) => {
  told = found
}

export const toldClosure = () => told
