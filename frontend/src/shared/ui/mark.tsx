export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 3a9 9 0 0 0-9 9c0 4 2 5 2 8 0 2-2 2-4 2v3c4 0 6-1 7-4l1 8h2v-8h2v8h2l1-8c1 3 3 4 7 4v-3c-2 0-4 0-4-2 0-3 2-4 2-8a9 9 0 0 0-9-9z" />
    </svg>
  )
}
