/** A time of the server's in milliseconds. It has microseconds, which not every engine of a phone reads. */
export const instant = (iso: string): number => Date.parse(iso.replace(/(\.\d{3})\d+/, '$1'))
