/** An expected 'no' of the server, as both schemas spell it. */
export interface RefusalData {
  __typename: 'Refusal'
  code: string
  message: string
  retryAt: string | null
  problems: { field: string[]; code: string; message: string }[]
}

/** What a mutation's union holds beside the Refusal. */
export type Success<Result> = Exclude<Result, { __typename: 'Refusal' }>

/** The only field of a mutation's answer. */
export type Only<Data> = Data[keyof Data]

/** Why something asked for was not done. */
export type Trouble = { kind: 'refused'; refusal: RefusalData } | { kind: 'lost' } | { kind: 'outdated' } | { kind: 'fault'; requestId?: string }

export const isRefusal = (found: unknown): found is RefusalData => (found as RefusalData | null)?.__typename === 'Refusal'

/** A form's problems by the name of the field they belong to: `address.postalCode`. */
export function problemsOf(trouble: Trouble | undefined): Record<string, string> {
  if (trouble?.kind !== 'refused') return {}
  return Object.fromEntries(trouble.refusal.problems.map((one) => [one.field.join('.').replace(/^input\./, ''), one.message]))
}
