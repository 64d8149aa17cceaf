import { type PropsWithChildren, useCallback, useState } from 'react'
import { ProofProvider, type Prove } from '../../shared/api/queries.tsx'
import { later } from '../../shared/arriving.tsx'

export interface Question {
  code: Parameters<Prove>[0]
  answer: (proven: boolean) => void
}

const ProofDialog = later(() => import('./proof-dialog.tsx').then((found) => found.ProofDialog), ({ answer }) => answer(false))

/** Asks who is there when the server wants to know, on top of the page: what was typed in it stays. */
export function Prover({ children }: PropsWithChildren) {
  const [question, setQuestion] = useState<Question>()
  const prove = useCallback<Prove>(
    (code) => {
      // on the pages before signing in there is nobody to prove
      if (code === 'NOT_SIGNED_IN' && !document.querySelector('.inside-frame')) return Promise.resolve(false)
      return new Promise((resolve) => setQuestion({ code, answer: (proven) => { setQuestion(undefined); resolve(proven) } }))
    },
    [],
  )
  return (
    <ProofProvider prove={prove}>
      {children}
      {question && <ProofDialog {...question} />}
    </ProofProvider>
  )
}
