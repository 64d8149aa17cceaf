import { graphql } from '../gql/customer'

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
