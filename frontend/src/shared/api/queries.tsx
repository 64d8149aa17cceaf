import { QueryClient, QueryClientProvider, useQueryClient, useSuspenseQuery, useQuery } from '@tanstack/react-query'
import { createContext, type PropsWithChildren, useCallback, useContext, useDeferredValue, useEffect, useRef, useState } from 'react'
import { i18n } from '../i18n.ts'
import { ask, ConnectionLost, troubleOf } from './ask.ts'
import { type Document, trusted } from './document.ts'
import { isRefusal, type Only, type Success, type Trouble } from './refusal.ts'

/** How a page proves again who is there, when the server asks for it; false when the person would rather not. */
export type Prove = (code: 'STEP_UP_REQUIRED' | 'NOT_SIGNED_IN') => Promise<boolean>
export const Proving = createContext<Prove>(async () => false)
export const ProofProvider = ({ prove, children }: PropsWithChildren<{ prove: Prove }>) => <Proving value={prove}>{children}</Proving>

export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 15_000,
        // a session that ended meanwhile is noticed by what one does next, not by a page that empties itself
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (count, problem) => problem instanceof ConnectionLost && count < 2,
        retryDelay: (count) => 500 * 2 ** count,
      },
    },
  })

/** What is asked, and asked again when the language changes: what is shown stays until the new words are there. */
export function ApiProvider({ client, children }: PropsWithChildren<{ client: QueryClient }>) {
  useEffect(() => i18n.on('change', () => void askAnew(client)), [client])
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}

/** What no page shows now is not shown as it was before; what one shows is asked for again behind it. */
function askAnew(client: QueryClient) {
  client.removeQueries({ type: 'inactive' })
  return client.invalidateQueries()
}

// The language is not part of the key: a frame whose query has a new key is a frame that has nothing to show.
const options = <Data, Variables>(document: Document<Data, Variables>, variables: Variables) => ({
  queryKey: [trusted(document).name, variables],
  queryFn: ({ signal }: { signal: AbortSignal }) => ask(document, variables, signal),
})

/** Ask for it already while its page is on its way: the answer, or nothing where something goes wrong, which the page itself meets again. */
export const asking = <Data, Variables>(document: Document<Data, Variables>, variables: Variables) => (client: QueryClient): Promise<Data | undefined> =>
  client.fetchQuery({ ...options(document, variables), retry: false }).catch(() => undefined)

/** What is asked for by a filter or a language, once its answer is there: until then the page shows what it showed. */
export function useSettled<Variables>(variables: Variables): Variables {
  return JSON.parse(useDeferredValue(JSON.stringify(variables))) as Variables
}

/** Asked before the page is shown; the nearest boundary shows waiting and trouble. */
export function useAsk<Data, Variables>(document: Document<Data, Variables>, variables: Variables, every?: (data: Data | undefined) => number | false): Data {
  return useSuspenseQuery({ ...options(document, variables), refetchInterval: every ? (query) => every(query.state.data as Data | undefined) : false }).data
}

/** Asked beside what is shown already; the last answer stays while the next is on its way. */
export function useAskLater<Data, Variables>(document: Document<Data, Variables>, variables: Variables, enabled = true) {
  const { data, error, isFetching, refetch } = useQuery({ ...options(document, variables), enabled, placeholderData: (before) => before })
  return { data, error, asking: isFetching, refetch }
}

export interface Act<Result, Variables> {
  /** Do it. Undefined when it was not done: then `trouble` says why. */
  act: (variables: Variables) => Promise<Success<Result> | undefined>
  busy: boolean
  trouble: Trouble | undefined
  clear: () => void
}

/**
 * A mutation: proves who is there where that is asked for and tries again, keeps why it was not done, and lets every
 * page ask anew afterwards; not after the `last` thing a session does, which ends it.
 */
export function useAct<Data, Variables>(document: Document<Data, Variables>, { last = false } = {}): Act<Only<Data>, Variables> {
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
        const code = isRefusal(found) ? found.code : ''
        if ((code === 'STEP_UP_REQUIRED' || code === 'NOT_SIGNED_IN') && (await prove(code))) found = await once(document, variables)
        if (isRefusal(found)) {
          setTrouble({ kind: 'refused', refusal: found })
          return undefined
        }
        if (last) client.removeQueries({ type: 'inactive' })
        else await askAnew(client)
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

async function once<Data, Variables>(document: Document<Data, Variables>, variables: Variables): Promise<Only<Data>> {
  const data = await ask(document, variables)
  return Object.values(data as object)[0] as Only<Data>
}
