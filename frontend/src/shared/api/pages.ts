import { useSuspenseInfiniteQuery } from '@tanstack/react-query'
import { ask } from './ask.ts'
import { type Document, trusted } from './document.ts'

interface Connection<Node> {
  nodes: Node[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** A connection page by page: what was asked for so far, and the next page if there is one. */
export function useAskPages<Data, Variables extends { after?: string | null | undefined }, Node>(
  document: Document<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pick: (data: Data) => Connection<Node> | undefined,
) {
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery({
    queryKey: [trusted(document).name, variables, 'pages'],
    queryFn: ({ signal, pageParam }) => ask(document, { ...variables, after: pageParam } as Variables, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => {
      const info = pick(page)?.pageInfo
      return info?.hasNextPage ? info.endCursor : undefined
    },
  })
  const nodes = data.pages.flatMap((page) => pick(page)?.nodes ?? [])
  const next = hasNextPage ? pick(data.pages.at(-1) as Data)?.pageInfo.endCursor : null
  return { nodes, first: data.pages[0] as Data, more: { next, to: () => void fetchNextPage(), busy: isFetchingNextPage } }
}
