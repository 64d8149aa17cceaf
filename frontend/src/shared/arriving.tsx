/** Pages and parts of them that are fetched when they are wanted, and what is asked for meanwhile. */
import { type QueryClient, useQueryErrorResetBoundary } from '@tanstack/react-query'
import { type ComponentType, type ReactNode, useEffect, useEffectEvent, useState } from 'react'
import { ConnectionLost } from './api/ask.ts'
import { tell } from './api/connection.ts'
import { CouldNot, Waiting } from './ui/parts.tsx'
import { TroubleNote } from './ui/trouble.tsx'

/** Where somebody goes, and what knows the answers. */
export interface Going {
  context: { client?: QueryClient }
  params: Record<string, string>
  location: { search: Record<string, unknown> }
}

type PageComponent = (() => ReactNode) & { before?: (client: QueryClient, going: Going) => Promise<unknown> }

/** A route's page: the one before it stays until this one and what it asks `before` it is shown are there. */
export function page<Name extends string>(load: () => Promise<Record<Name, PageComponent>>, name: Name) {
  let Found: PageComponent | undefined
  return {
    component: () => Found && <Found />,
    loader: async (route: object) => { // a narrower type would stand in the way of what the router infers of the route
      const going = route as Going
      Found ??= (await load().catch((cause: unknown) => { throw new NotFetched('No file', { cause }) }))[name]
      if (going.context.client) await Found.before?.(going.context.client, going)
    },
  }
}

/** A file of ours did not come: the network is away, or a newer version of the pages has other files. */
class NotFetched extends ConnectionLost {}

const loadAnew = () => fetch(window.location.pathname, { method: 'HEAD' }).then(() => window.location.reload(), () => tell(false))

/** Instead of a page that could not be shown, and the way to try it again. */
export function Instead({ error, reset }: { error: unknown; reset: () => void }) {
  const { reset: forget } = useQueryErrorResetBoundary()
  const lost = error instanceof NotFetched
  useEffect(() => {
    if (lost) tell(false)
  }, [lost])
  return <CouldNot problem={error} again={lost ? loadAnew : () => { forget(); reset() }} />
}

/** A part fetched when it is first shown; `lost` when it could not be, and then it may be shown again. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>, lost?: (props: Props) => void) {
  let Found: ComponentType<Props> | undefined
  return function Later(props: Props) {
    const [state, come] = useState(() => (Found ? 'here' : 'coming'))
    const missed = useEffectEvent(() => lost?.(props))
    useEffect(() => {
      if (Found) return
      load().then(
        (found) => { Found = found; come('here') },
        () => { tell(false); come('lost'); missed() },
      )
    }, [])
    if (Found) return <Found {...props} />
    if (lost) return null
    return state === 'lost' ? <TroubleNote trouble={{ kind: 'lost' }} /> : <Waiting />
  }
}
