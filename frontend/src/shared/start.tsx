import type { QueryClient } from '@tanstack/react-query'
import { I18nProvider } from '@lingui/react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiProvider, makeQueryClient } from './api/queries.tsx'
import { wake } from './format.ts'
import { bringWords, i18n, likedLanguage, speak } from './i18n.ts'
import { wearLast } from './theme.ts'
import { ConnectionNote } from './ui/trouble.tsx'

/** Start a page: its words and what it `begins` to fetch beside each other, then what it shows. */
export async function start(words: Parameters<typeof bringWords>[0], page: (client: QueryClient) => ReactNode, begins?: (client: QueryClient) => unknown): Promise<void> {
  wearLast()
  bringWords(words)
  const client = makeQueryClient()
  const language = likedLanguage()
  const spoken = speak(language)
  begins?.(client)
  setTimeout(() => wake(language)) // in the time the answers take
  await spoken
  const root = document.getElementById('root')
  if (!root) throw new Error('The page has no root.')
  createRoot(root).render(
    <I18nProvider i18n={i18n}>
      <ApiProvider client={client}>
        <ConnectionNote />
        {page(client)}
      </ApiProvider>
    </I18nProvider>,
  )
}
