/** A document as `graphql(…)` types it: what it answers and what it wants to know. */
export interface Document<Answer, Variables> {
  __apiType?: (variables: Variables) => Answer
}

/** The same at run time (build/documents.ts): the id the server trusts it by, and while developing its text. */
export interface TrustedDocument {
  id: string
  name: string
  endpoint: string
  text?: string
}

export const trusted = (document: Document<never, never> | object) => document as unknown as TrustedDocument
