import { type QueryClient, useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { ask } from './ask.ts'
import { type Document, trusted } from './document.ts'

interface Connection<Node> {
  nodes: Node[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

type Pick<Data, Node> = (data: Data) => Connection<Node> | undefined

const options = <Data, Variables extends { after?: string | null | undefined }, Node>(document: Document<Data, Variables>, variables: Omit<Variables, 'after'>, pick: Pick<Data, Node>) => ({
  queryKey: [trusted(document).name, variables, 'pages'],
  queryFn: ({ signal, pageParam }: { signal: AbortSignal; pageParam: string | null }) => ask(document, { ...variables, after: pageParam } as Variables, signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page: Data) => {
    const info = pick(page)?.pageInfo
    return info?.hasNextPage ? info.endCursor : undefined
  },
})

/** Ask for the first page already while what shows it is on its way. */
export const askingPages = <Data, Variables extends { after?: string | null | undefined }, Node>(document: Document<Data, Variables>, variables: Omit<Variables, 'after'>, pick: Pick<Data, Node>) =>
  (client: QueryClient) => client.prefetchInfiniteQuery({ ...options(document, variables, pick), retry: false })

/** A connection page by page: what was asked for so far, and the next page if there is one. */
export function useAskPages<Data, Variables extends { after?: string | null | undefined }, Node>(document: Document<Data, Variables>, variables: Omit<Variables, 'after'>, pick: Pick<Data, Node>) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(options(document, variables, pick))
  const nodes = data.pages.flatMap((page) => pick(page)?.nodes ?? [])
  const next = hasNextPage ? pick(data.pages.at(-1) as Data)?.pageInfo.endCursor : null
  return { nodes, first: data.pages[0] as Data, more: { next, to: () => void fetchNextPage(), busy: isFetchingNextPage } }
}
