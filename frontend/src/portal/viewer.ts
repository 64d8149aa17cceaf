import { graphql } from '../gql/customer'
import { useAsk } from '../shared/api/queries.tsx'

/** Who is signed in, as every page of theirs needs to know. */
export const WhoIsIn = graphql(`
  query WhoIsIn {
    viewer {
      id
      state
      unreadMessages
      profile { givenName familyName email }
      preferences { locale theme timeZone cookies { preferences statistics advertising decidedAt } }
      security { steppedUpUntil }
    }
  }
`)

export const useViewer = () => useAsk(WhoIsIn, {}).viewer
