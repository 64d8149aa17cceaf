import { graphql } from '../gql/support'

/** Spread in every mutation: what the pages show of a refusal. */
export const Refused = graphql(`
  fragment Refused on Refusal {
    __typename
    code
    message
    retryAt
    problems { field code message }
  }
`)

/** A customer as lists show them: by number, masked. */
export const Hit = graphql(`
  fragment Hit_Customer on CustomerHit {
    id
    number
    state
    maskedName
    maskedEmail
  }
`)
