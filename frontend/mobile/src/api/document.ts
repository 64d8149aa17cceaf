/** A document as the server knows it: by the SHA-256 of its text. Its types are what it answers and wants to know. */
export interface Document<Answer, Variables> {
  id: string
  name: string
  __types?: (variables: Variables) => Answer
}
