import { I18nProvider } from '@lingui/react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nProvider as AriaLanguage } from 'react-aria-components'
import { useLingui } from '@lingui/react'
import { ApiProvider, makeQueryClient } from './api/queries.tsx'
import { bringWords, i18n, likedLanguage, speak } from './i18n.ts'
import { wearLast } from './theme.ts'
import { ConnectionNote } from './ui/trouble.tsx'

/** Start a page: its words first, then what it shows. */
export async function start(words: Parameters<typeof bringWords>[0], page: ReactNode): Promise<void> {
  wearLast()
  bringWords(words)
  await speak(likedLanguage())
  const root = document.getElementById('root')
  if (!root) throw new Error('The page has no root.')
  createRoot(root).render(
    <I18nProvider i18n={i18n}>
      <Aria>
        <ApiProvider client={makeQueryClient()}>
          <ConnectionNote />
          {page}
        </ApiProvider>
      </Aria>
    </I18nProvider>,
  )
}

function Aria({ children }: { children: ReactNode }) {
  const { i18n: now } = useLingui()
  return <AriaLanguage locale={now.locale === 'lv' ? 'lv-LV' : 'en-GB'}>{children}</AriaLanguage>
}
