import { Trans, useLingui } from '@lingui/react/macro'
import { type ComponentProps, createContext, type PropsWithChildren, type ReactNode, useContext, useEffect, useId, useRef, useState } from 'react'
import type { Document } from '../api/document.ts'
import { useAct } from '../api/queries.tsx'
import { type Only, problemsOf, type Success, type Trouble } from '../api/refusal.ts'
import { TroubleNote } from './trouble.tsx'

/** What was typed, by the field's name. */
export class Fields {
  private readonly data: FormData
  constructor(data: FormData) {
    this.data = data
  }
  /** As typed, blanks around it aside. */
  text = (name: string) => this.raw(name).trim()
  raw = (name: string) => String(this.data.get(name) ?? '')
  /** Null when nothing was typed. */
  maybe = (name: string) => this.text(name) || null
  on = (name: string) => this.data.has(name)
  all = (name: string) => this.data.getAll(name).map(String)
}

type Problems = Readonly<Record<string, string>>
const Problems = createContext<{ problems: Problems; mended: (name: string) => void }>({ problems: {}, mended: () => undefined })

// ---- the form -------------------------------------------------------------------------------------------------------
interface FormProps extends PropsWithChildren {
  submit: ReactNode
  /** Beside the submitting button. */
  beside?: ReactNode
  tone?: Tone
  /** Shown instead of the usual note for a trouble; undefined: the usual one. */
  explain?: (trouble: Trouble) => ReactNode | undefined
}

interface ActFormProps<Data, Variables> extends FormProps {
  document: Document<Data, Variables>
  variables: (fields: Fields) => Variables
  done?: (found: Success<Only<Data>>, fields: Fields) => void
  /** Empty the fields once it was done. */
  anew?: boolean
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

interface PlainFormProps extends FormProps {
  onSubmit: (fields: Fields, form: HTMLFormElement) => unknown
  busy: boolean
  trouble: Trouble | undefined
}

const controls = (form: HTMLFormElement | null) => [...(form?.elements ?? [])] as HTMLInputElement[]

export function PlainForm({ onSubmit, submit, busy, trouble, beside, tone, explain, children }: PlainFormProps) {
  const { t } = useLingui()
  const form = useRef<HTMLFormElement>(null)
  const [problems, setProblems] = useState<Problems>({})
  const [homeless, setHomeless] = useState<string[]>([])

  useEffect(() => {
    const found = problemsOf(trouble)
    const fields = controls(form.current)
    setProblems(found)
    setHomeless(Object.entries(found).filter(([name]) => !fields.some((one) => one.name === name)).map(([, message]) => message))
    // the first field with a problem, or what explains why nothing was done
    const goal = fields.find((one) => one.name in found) ?? (trouble ? form.current?.querySelector<HTMLElement>('.trouble') : null)
    goal?.focus()
  }, [trouble])

  const check = () => {
    const wrong = controls(form.current).filter((one) => one.willValidate && !one.validity.valid)
    setProblems(Object.fromEntries(wrong.map((one) => [one.name, one.validity.valueMissing ? t`This is needed.` : t`This does not look right.`])))
    wrong[0]?.focus()
    return wrong.length === 0
  }

  return (
    <Problems value={{ problems, mended: (name) => { if (name in problems) setProblems(Object.fromEntries(Object.entries(problems).filter(([one]) => one !== name))) } }}>
      <form
        ref={form}
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy && check()) void onSubmit(new Fields(new FormData(event.currentTarget)), event.currentTarget)
        }}
      >
        {children}
        {trouble && (explain?.(trouble) ?? <TroubleNote trouble={trouble} more={homeless} />)}
        <div className="actions">
          <Button type="submit" tone={tone ?? 'main'} busy={busy}>{submit}</Button>
          {beside}
        </div>
      </form>
    </Problems>
  )
}

// ---- what stands in it ----------------------------------------------------------------------------------------------
export type Tone = 'main' | 'quiet' | 'danger' | 'plain'

interface ButtonProps extends Omit<ComponentProps<'button'>, 'className' | 'onClick' | 'disabled'> {
  tone?: Tone
  busy?: boolean
  small?: boolean
  isDisabled?: boolean
  onPress?: () => unknown
}

/** A button; while it is busy it keeps its focus and does nothing. */
export function Button({ tone = 'quiet', busy = false, small = false, isDisabled, children, onPress, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={`button ${tone}${small ? ' small' : ''}`}
      disabled={isDisabled}
      aria-disabled={busy || undefined}
      data-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else void onPress?.()
      }}
    >
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}

interface Labelled {
  label: ReactNode
  hint?: ReactNode
}

interface FieldProps extends Labelled, Omit<ComponentProps<'input'>, 'className' | 'onChange' | 'required' | 'children'> {
  name: string
  isRequired?: boolean
  /** Several lines to type in. */
  lines?: number
  onChange?: (typed: string) => void
  children?: (input: ReactNode) => ReactNode
}

/** One line to type in, or several; the line for its problem is there before there is one, so that nothing jumps. */
export function Field({ label, hint, lines, isRequired, onChange, children, ...rest }: FieldProps) {
  const id = useId()
  const { problems, mended } = useContext(Problems)
  const problem = problems[rest.name]
  const shared = {
    ...rest,
    id,
    className: 'input',
    required: isRequired,
    'aria-invalid': problem ? true : undefined,
    'aria-describedby': [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined,
    onChange: (event: { currentTarget: { value: string } }) => {
      mended(rest.name)
      onChange?.(event.currentTarget.value)
    },
  }
  const input = lines ? <textarea {...(shared as ComponentProps<'textarea'>)} rows={lines} /> : <input {...shared} />
  return (
    <div className="field">
      <label htmlFor={id}>{label}{!isRequired && <Optional />}</label>
      {hint && <span className="hint" id={`${id}-hint`}>{hint}</span>}
      {children ? children(input) : input}
      <div className="problem" id={`${id}-problem`}>{problem}</div>
    </div>
  )
}

export function Optional() {
  return <span className="optional"> <Trans>(optional)</Trans></span>
}

/** A password: shown on request, never corrected, never remembered by us. */
export function PasswordField(props: Omit<FieldProps, 'type' | 'lines' | 'children'>) {
  const { t } = useLingui()
  const [shown, setShown] = useState(false)
  return (
    <Field isRequired {...props} type={shown ? 'text' : 'password'} spellCheck={false} autoCapitalize="none" autoCorrect="off">
      {(input) => (
        <div className="with-button">
          {input}
          <button className="inside" type="button" aria-pressed={shown} aria-label={t`Show the password`} onClick={() => setShown(!shown)}>
            {shown ? <Trans>Hide</Trans> : <Trans>Show</Trans>}
          </button>
        </div>
      )}
    </Field>
  )
}

interface ChoiceProps extends Labelled, Omit<ComponentProps<'select'>, 'className' | 'onChange' | 'children'> {
  name: string
  options: [value: string, label: string][]
  onChange?: (value: string) => void
}

/** The browser's own list: at home on a phone and with every keyboard. */
export function Choice({ label, options, hint, onChange, ...rest }: ChoiceProps) {
  const id = useId()
  const { problems, mended } = useContext(Problems)
  const problem = problems[rest.name]
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && <span className="hint" id={`${id}-hint`}>{hint}</span>}
      <select
        {...rest} className="input" id={id} aria-invalid={problem ? true : undefined}
        aria-describedby={[hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined}
        onChange={(event) => {
          mended(rest.name)
          onChange?.(event.currentTarget.value)
        }}
      >
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
      <div className="problem" id={`${id}-problem`}>{problem}</div>
    </div>
  )
}

interface TickProps extends PropsWithChildren {
  name?: string
  value?: string
  isSelected?: boolean
  defaultSelected?: boolean
  isRequired?: boolean
  isDisabled?: boolean
  hint?: ReactNode
  onChange?: (on: boolean) => void
}

/** Some of several: a problem with the choice stands below them, once. */
const Group = createContext<string | undefined>(undefined)

export function Ticks({ legend, name, children }: PropsWithChildren<{ legend: ReactNode; name: string }>) {
  const id = useId()
  const { problems } = useContext(Problems)
  return (
    <Group value={id}>
      <fieldset>
        <legend>{legend}</legend>
        {children}
        <div className="problem" id={`${id}-problem`}>{problems[name]}</div>
      </fieldset>
    </Group>
  )
}

export function Tick({ children, hint, name, value, isSelected, defaultSelected, isRequired, isDisabled, onChange }: TickProps) {
  const id = useId()
  const { problems, mended } = useContext(Problems)
  const problem = name && problems[name]
  const group = useContext(Group)
  return (
    <div className="tick">
      <input
        type="checkbox" id={id} name={name} value={value} checked={isSelected} defaultChecked={defaultSelected} required={isRequired} disabled={isDisabled}
        aria-invalid={problem ? true : undefined} aria-describedby={[hint && `${id}-hint`, problem && `${group ?? id}-problem`].filter(Boolean).join(' ') || undefined}
        onChange={(event) => {
          if (name) mended(name)
          onChange?.(event.currentTarget.checked)
        }}
      />
      <div>
        <label htmlFor={id}>{children}</label>
        {hint && <span className="hint" id={`${id}-hint`}>{hint}</span>}
        {isRequired && <div className="problem" id={`${id}-problem`}>{problem}</div>}
      </div>
    </div>
  )
}

interface RadiosProps {
  label: ReactNode
  name: string
  options: [value: string, label: ReactNode, hint?: ReactNode][]
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
  /** Beside each other. */
  row?: boolean
}

export function Radios({ label, name, options, value, defaultValue, onChange, row }: RadiosProps) {
  const id = useId()
  const { problems, mended } = useContext(Problems)
  return (
    <fieldset className={`radios${row ? ' row-of' : ''}`}>
      <legend>{label}</legend>
      <div className="options">
        {options.map(([one, text, hint]) => (
          <div key={one} className="radio">
            <input
              type="radio" id={`${id}-${one}`} name={name} value={one} aria-describedby={hint ? `${id}-${one}-hint` : undefined}
              {...(value === undefined ? { defaultChecked: one === defaultValue } : { checked: one === value })}
              onChange={() => {
                mended(name)
                onChange?.(one)
              }}
            />
            <div>
              <label htmlFor={`${id}-${one}`}>{text}</label>
              {hint && <span className="hint" id={`${id}-${one}-hint`}>{hint}</span>}
            </div>
          </div>
        ))}
      </div>
      {problems[name] && <div className="problem">{problems[name]}</div>}
    </fieldset>
  )
}
