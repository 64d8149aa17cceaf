import { createContext, type PropsWithChildren, useContext, useState } from 'react'
import { View } from 'react-native'
import { problemsOf, type Trouble } from '../../../src/shared/api/refusal.ts'
import { Button } from './button.tsx'
import { TroubleNote } from './trouble.tsx'

type Values = Record<string, string>

interface Form {
  values: Values
  set: (name: string, value: string) => void
  problems: Record<string, string>
  send: () => void
}

export const FormContext = createContext<Form>({ values: {}, set: () => undefined, problems: {}, send: () => undefined })

/** The value of a field, and how it changes; what is wrong with it. */
export function useField(name: string) {
  const { values, set, problems, send } = useContext(FormContext)
  return { value: values[name] ?? '', change: (value: string) => set(name, value), problem: problems[name], send }
}

interface FormProps extends PropsWithChildren {
  /** What the fields begin with, by the input's paths: `address.postalCode`. */
  begin: Values
  send: (values: Values) => unknown
  submit: string
  busy: boolean
  trouble: Trouble | undefined
  tone?: 'main' | 'danger'
  /** In the place of the trouble, where it can be told better. */
  told?: React.ReactNode
  /** Beside the button. */
  beside?: React.ReactNode
}

/** Fields whose names are the input's paths, so that a problem finds its field. Nothing empties them. */
export function Form({ begin, send, submit, busy, trouble, tone = 'main', told, beside, children }: FormProps) {
  const [values, setValues] = useState(begin)
  const problems = problemsOf(trouble)
  const elsewhere = Object.entries(problems).filter(([name]) => !(name in begin)).map(([, message]) => message)
  const submitNow = () => { if (!busy) send(values) }
  return (
    <FormContext value={{ values, set: (name, value) => setValues((before) => ({ ...before, [name]: value })), problems, send: submitNow }}>
      <View role="form" style={{ gap: 12 }}>
        {children}
        {told || (trouble && <TroubleNote trouble={trouble} more={elsewhere} />)}
        <Button tone={tone} label={submit} busy={busy} onPress={submitNow} />
        {beside}
      </View>
    </FormContext>
  )
}
