/** Between two things on a line: it stays with the word before it, so that no line begins with a dot. */
export const DOT = '\u00a0· '
