/** Fails when a text of the pages is not in the catalogues, or one of them is not translated. Run by `npm run check`. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const CATALOGUES = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.po')).map((file) => `src/${file}`)
const read = () => Object.fromEntries(CATALOGUES.map((file) => [file, readFileSync(file, 'utf8').replace(/^"POT-Creation-Date.*$/m, '')]))

const before = read()
execFileSync('lingui', ['extract', '--clean'], { stdio: ['ignore', 'ignore', 'inherit'] })
const after = read()

const problems: string[] = []
for (const file of CATALOGUES) {
  if (before[file] !== after[file]) problems.push(`${file}: was not up to date; say \`npm run extract\`, translate what is new, commit it`)
  const untranslated = after[file]?.match(/^msgid (?!""\nmsgstr "")[^\n]*\n(?:"[^\n]*\n)*msgstr ""\n(?!")/gm) ?? []
  if (file.endsWith('lv.po')) for (const one of untranslated) problems.push(`${file}: not translated: ${one.split('\n')[0]}`)
}
for (const one of problems) console.error(one)
process.exitCode = problems.length ? 1 : 0
