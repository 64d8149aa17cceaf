/** ISO 3166-1 alpha-2: a first letter, and every second letter it goes with. */
const LETTERS =
  'ADEFGILMOQRSTUWXZ BABDEFGHIJLMNOQRSTVWYZ CACDFGHIKLMNORUVWXYZ DEJKMOZ ECEGHRST FIJKMOR GABDEFGHILMNPQRSTUWY HKMNRTU IDELMNOQRST JEMOP KEGHIMNPRWYZ ' +
  'LABCIKRSTUVY MACDEFGHKLMNOPQRSTUVWXYZ NACEFGILOPRUZ OM PAEFGHKLMNRSTWY QA REOSUW SABCDEGHIJKLMNORSTVXYZ TCDFGHJKLMNORTVWZ UAGMSYZ VACEGINU WFS YET ZAMW'

const CODES = LETTERS.split(' ').flatMap((row) => Array.from(row.slice(1), (second) => `${row[0]}${second}`))
const NEAR = ['GB', 'LV']

/** Every country by its name in a language, ours first. */
export function countries(tag: string): [code: string, name: string][] {
  const names = new Intl.DisplayNames(tag, { type: 'region' })
  const all = CODES.map((code): [string, string] => [code, names.of(code) ?? code])
  all.sort(([, one], [, other]) => one.localeCompare(other, tag))
  return [...NEAR.map((code): [string, string] => [code, names.of(code) ?? code]), ...all.filter(([code]) => !NEAR.includes(code))]
}

const byEnglishName = () => new Map(countries('en').map(([code, name]) => [name, code]))
let codes: ReturnType<typeof byEnglishName> | undefined

/** The code of a country that is given by its code or by its English name, as a table of places has it. */
export function countryCode(given: string): string | undefined {
  return /^[A-Z]{2}$/.test(given) ? given : (codes ??= byEnglishName()).get(given)
}
