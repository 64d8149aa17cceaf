import { type QueryClient, QueryClient as Client, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useRef, useState } from 'react'
import { isRefusal, type Only, type Success, type Trouble } from '../../../src/shared/api/refusal.ts'
import { ask } from './ask.ts'
import type { Document } from './document.ts'
import { ConnectionLost, troubleOf } from './problems.ts'

/** How one proves again who is there, or signs in anew, when the server asks for it; false when one would rather not. */
export type Prove = (code: 'STEP_UP_REQUIRED' | 'NOT_SIGNED_IN') => Promise<boolean>
export const Proving = createContext<Prove>(() => Promise.resolve(false))

export const makeClient = () =>
  new Client({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        retry: (count, problem) => problem instanceof ConnectionLost && count < 2,
        retryDelay: (count) => 500 * 2 ** count,
      },
    },
  })

/** What no screen shows now is not shown as it was before; what one shows is asked for again behind it. */
export function askAnew(client: QueryClient): Promise<void> {
  client.removeQueries({ type: 'inactive' })
  return client.invalidateQueries()
}

/** What a screen asks for: `viewer` once it is there, else why not. The last answer stays while the next is on its way. */
export function useViewer<Viewer, Variables>(document: Document<{ viewer: Viewer | null }, Variables>, variables: Variables, every?: (viewer: Viewer) => number | false) {
  const found = useQuery({
    queryKey: [document.name, variables],
    queryFn: ({ signal }) => ask(document, variables, signal),
    refetchInterval: ({ state }) => (every && state.data?.viewer ? every(state.data.viewer) : false),
  })
  return { viewer: found.data?.viewer ?? undefined, trouble: found.error ? troubleOf(found.error) : undefined, again: () => void found.refetch(), busy: found.isFetching }
}

interface Connection<Node> {
  nodes: Node[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** A connection page by page: what was asked for so far, and the next page if there is one. */
export function usePages<Viewer, Node>(document: Document<{ viewer: Viewer | null }, { after?: string | null | undefined }>, pick: (viewer: Viewer) => Connection<Node>) {
  const found = useInfiniteQuery({
    queryKey: [document.name, 'pages'],
    queryFn: ({ signal, pageParam }) => ask(document, { after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ viewer }) => {
      const info = viewer && pick(viewer).pageInfo
      return info?.hasNextPage ? info.endCursor : undefined
    },
  })
  return {
    nodes: found.data?.pages[0]?.viewer ? found.data.pages.flatMap(({ viewer }) => (viewer ? pick(viewer).nodes : [])) : undefined,
    more: found.hasNextPage ? () => void found.fetchNextPage() : undefined,
    busy: found.isFetching,
    trouble: found.error ? troubleOf(found.error) : undefined,
    again: () => void found.refetch(),
  }
}

export interface Act<Result, Variables> {
  /** Do it. Undefined when it was not done: then `trouble` says why. */
  act: (variables: Variables) => Promise<Success<Result> | undefined>
  busy: boolean
  trouble: Trouble | undefined
  clear: () => void
}

/**
 * A mutation: proves who is there where that is asked for and tries again, keeps why it was not done, and lets what is
 * shown be asked for anew afterwards; not after the `last` thing a session does, which ends it.
 */
export function useAct<Data extends object, Variables>(document: Document<Data, Variables>, { last = false } = {}): Act<Only<Data>, Variables> {
  const client = useQueryClient()
  const prove = useContext(Proving)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble>()
  const running = useRef(false)

  const act = useCallback(
    async (variables: Variables) => {
      if (running.current) return undefined
      running.current = true
      setBusy(true)
      setTrouble(undefined)
      try {
        let found = await once(document, variables)
        for (let tries = 0; tries < 2; tries += 1) {
          const code = isRefusal(found) ? found.code : ''
          if ((code !== 'STEP_UP_REQUIRED' && code !== 'NOT_SIGNED_IN') || !(await prove(code))) break
          found = await once(document, variables)
        }
        if (isRefusal(found)) {
          setTrouble({ kind: 'refused', refusal: found })
          return undefined
        }
        if (!last) await askAnew(client)
        return found as Success<Only<Data>>
      } catch (problem) {
        setTrouble(troubleOf(problem))
        return undefined
      } finally {
        running.current = false
        setBusy(false)
      }
    },
    [client, document, last, prove],
  )
  return { act, busy, trouble, clear: useCallback(() => setTrouble(undefined), []) }
}

async function once<Data extends object, Variables>(document: Document<Data, Variables>, variables: Variables): Promise<Only<Data>> {
  return Object.values(await ask(document, variables))[0] as Only<Data>
}
