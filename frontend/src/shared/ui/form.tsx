import { Trans, useLingui } from '@lingui/react/macro'
import { type ComponentProps, type PropsWithChildren, type ReactNode, useEffect, useRef, useState } from 'react'
import {
  Button as AriaButton, Checkbox as AriaCheckbox, type CheckboxProps, FieldError, Form, Input, Label, Radio, RadioGroup as AriaRadioGroup,
  Text, TextArea, TextField as AriaTextField, type TextFieldProps,
} from 'react-aria-components'
import type { Document } from '../api/document.ts'
import { type Only, problemsOf, type Success, type Trouble } from '../api/refusal.ts'
import { useAct } from '../api/queries.tsx'
import { TroubleNote } from './trouble.tsx'

/** What was typed, by the field's name. */
export class Fields {
  constructor(private readonly data: FormData) {}
  /** As typed, blanks around it aside. */
  text = (name: string) => this.raw(name).trim()
  raw = (name: string) => String(this.data.get(name) ?? '')
  /** Null when nothing was typed. */
  maybe = (name: string) => this.text(name) || null
  on = (name: string) => this.data.has(name)
  all = (name: string) => this.data.getAll(name).map(String)
}

interface ActFormProps<Data, Variables> extends PropsWithChildren {
  document: Document<Data, Variables>
  variables: (fields: Fields) => Variables
  done?: (found: Success<Only<Data>>, fields: Fields) => void
  submit: ReactNode
  /** Beside the submitting button. */
  beside?: ReactNode
  tone?: Tone
  /** Empty the fields once it was done. */
  anew?: boolean
  /** Shown instead of the usual note for a trouble; undefined: the usual one. */
  explain?: (trouble: Trouble) => ReactNode | undefined
  className?: string
}

/**
 * A form that says one mutation. What was typed stays, whatever comes back: problems stand beside their fields, every
 * other trouble above the button.
 */
export function ActForm<Data, Variables>(props: ActFormProps<Data, Variables>) {
  const { act, busy, trouble } = useAct(props.document)
  return (
    <PlainForm
      {...props}
      busy={busy}
      trouble={trouble}
      onSubmit={async (fields, form) => {
        const found = await act(props.variables(fields))
        if (found === undefined) return
        if (props.anew) form.reset()
        props.done?.(found, fields)
      }}
    />
  )
}

interface PlainFormProps extends PropsWithChildren {
  onSubmit: (fields: Fields, form: HTMLFormElement) => unknown
  submit: ReactNode
  busy: boolean
  trouble: Trouble | undefined
  beside?: ReactNode
  tone?: Tone
  explain?: (trouble: Trouble) => ReactNode | undefined
  className?: string
}

export function PlainForm({ onSubmit, submit, busy, trouble, beside, tone, explain, className, children }: PlainFormProps) {
  const form = useRef<HTMLFormElement>(null)
  const problems = problemsOf(trouble)
  const [homeless, setHomeless] = useState<string[]>([])
  useEffect(() => {
    // the first field with a problem, or what explains why nothing was done
    const found = problemsOf(trouble)
    const fields = [...(form.current?.elements ?? [])] as HTMLInputElement[]
    const first = fields.find((one) => one.name in found)
    setHomeless(Object.entries(found).filter(([name]) => !fields.some((one) => one.name === name)).map(([, message]) => message))
    const goal = first ?? (trouble ? form.current?.querySelector<HTMLElement>('.trouble') : null)
    goal?.focus()
  }, [trouble])
  return (
    <Form
      ref={form}
      className={`form ${className ?? ''}`}
      validationErrors={problems}
      onSubmit={(event) => {
        event.preventDefault()
        void onSubmit(new Fields(new FormData(event.currentTarget)), event.currentTarget)
      }}
    >
      {children}
      {trouble && (explain?.(trouble) ?? <TroubleNote trouble={trouble} more={homeless} />)}
      <div className="actions">
        <Button type="submit" tone={tone ?? 'main'} busy={busy}>{submit}</Button>
        {beside}
      </div>
    </Form>
  )
}

export type Tone = 'main' | 'quiet' | 'danger' | 'plain'

interface ButtonProps extends Omit<ComponentProps<typeof AriaButton>, 'className' | 'children'> {
  tone?: Tone
  busy?: boolean
  small?: boolean
  children: ReactNode
}

/** A button; while it is busy it keeps its focus and does nothing. */
export function Button({ tone = 'quiet', busy = false, small = false, children, onPress, type, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      type={busy ? 'button' : (type ?? 'button')}
      className={`button ${tone}${small ? ' small' : ''}`}
      aria-disabled={busy || undefined}
      data-busy={busy || undefined}
      {...(onPress && !busy ? { onPress } : {})}
    >
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </AriaButton>
  )
}

interface FieldProps extends Omit<TextFieldProps, 'children' | 'className'> {
  label: ReactNode
  hint?: ReactNode
  lines?: number
  placeholder?: string
}

/** One line to type in, or several; the line for its problem is there before there is one, so that nothing jumps. */
export function Field({ label, hint, lines, placeholder, ...rest }: FieldProps) {
  return (
    <AriaTextField {...rest} className="field">
      <Label>{label}{!rest.isRequired && !rest.isReadOnly && <Optional />}</Label>
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      {lines ? <TextArea rows={lines} className="input" /> : <Input className="input" {...(placeholder ? { placeholder } : {})} />}
      <Problem />
    </AriaTextField>
  )
}

export function Optional() {
  return <span className="optional"> <Trans>(optional)</Trans></span>
}

function Problem() {
  const { t } = useLingui()
  return (
    <div className="problem">
      <FieldError>
        {({ validationErrors, validationDetails: now }) => {
          if (now.valueMissing) return t`This is needed.`
          if (now.typeMismatch || now.patternMismatch || now.badInput) return t`This does not look right.`
          return validationErrors.join(' ')
        }}
      </FieldError>
    </div>
  )
}

/** A password: shown on request, never corrected, never remembered by us. */
export function PasswordField(props: Omit<FieldProps, 'type' | 'lines'>) {
  const { t } = useLingui()
  const [shown, setShown] = useState(false)
  const { label, hint, ...rest } = props
  return (
    <AriaTextField isRequired {...rest} type={shown ? 'text' : 'password'} className="field" spellCheck="false" autoCorrect="off">
      <Label>{label}</Label>
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <div className="with-button">
        <Input className="input" autoCapitalize="none" />
        <AriaButton className="inside" type="button" aria-pressed={shown} aria-label={t`Show the password`} onPress={() => setShown(!shown)}>
          {shown ? <Trans>Hide</Trans> : <Trans>Show</Trans>}
        </AriaButton>
      </div>
      <Problem />
    </AriaTextField>
  )
}

interface ChoiceProps {
  label: ReactNode
  name: string
  options: [value: string, label: string][]
  defaultValue?: string
  value?: string
  onChange?: (value: string) => void
  hint?: ReactNode
  problem?: string
  autoComplete?: string
}

/** The browser's own list: at home on a phone and with every keyboard. */
export function Choice({ label, name, options, hint, onChange, ...rest }: ChoiceProps) {
  return (
    <div className="field">
      <label htmlFor={`choice-${name}`}>{label}</label>
      {hint && <span className="hint" id={`hint-${name}`}>{hint}</span>}
      <select
        className="input" id={`choice-${name}`} name={name} aria-describedby={hint ? `hint-${name}` : undefined} {...rest}
        onChange={onChange ? (event) => onChange(event.currentTarget.value) : undefined}
      >
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
      <div className="problem" />
    </div>
  )
}

export function Tick({ children, hint, ...rest }: Omit<CheckboxProps, 'children' | 'className'> & { children: ReactNode; hint?: ReactNode }) {
  return (
    <AriaCheckbox {...rest} className="tick">
      <span className="box" aria-hidden="true"><svg viewBox="0 0 16 16"><path d="M3 8.5 6.5 12 13 4.5" /></svg></span>
      <span>{children}{hint && <span className="hint">{hint}</span>}</span>
    </AriaCheckbox>
  )
}

interface RadiosProps {
  label: ReactNode
  name: string
  options: [value: string, label: ReactNode, hint?: ReactNode][]
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
  row?: boolean
}

export function Radios({ label, options, row, ...rest }: RadiosProps) {
  return (
    <AriaRadioGroup {...rest} className={`radios${row ? ' row' : ''}`}>
      <Label>{label}</Label>
      <div className="options">
        {options.map(([value, text, hint]) => (
          <Radio key={value} value={value} className="radio">
            <span className="dot" aria-hidden="true" />
            <span>{text}{hint && <span className="hint">{hint}</span>}</span>
          </Radio>
        ))}
      </div>
    </AriaRadioGroup>
  )
}
