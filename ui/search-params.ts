type Search = Readonly<Record<string, unknown>>

/** The texts of an address's search that are there and not empty, under their names. */
export function textOf<Name extends string>(search: Search, ...names: Name[]): Partial<Record<Name, string>> {
  const texts = names.flatMap((name) => {
    const value = search[name]
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
    return typeof text === 'string' && text !== '' ? [[name, text]] : []
  })
  return Object.fromEntries(texts)
}

/** The whole numbers from `least` on of an address's search, under their names. */
export function countOf<Name extends string>(
  search: Search,
  least: number,
  ...names: Name[]
): Partial<Record<Name, number>> {
  const counts = names.flatMap((name) => {
    const value = Number(search[name])
    return search[name] !== undefined && Number.isSafeInteger(value) && value >= least ? [[name, value]] : []
  })
  return Object.fromEntries(counts)
}

/** The numbers over 0 of an address's search, under their names. */
export function positiveOf<Name extends string>(
  search: Search,
  ...names: Name[]
): Partial<Record<Name, number>> {
  const numbers = names.flatMap((name) => {
    const value = Number(search[name])
    return Number.isFinite(value) && value > 0 ? [[name, value]] : []
  })
  return Object.fromEntries(numbers)
}

/** One of the choices that an address's search names, under its name. */
export function choiceOf<Name extends string, const Choice extends string>(
  search: Search,
  name: Name,
  choices: readonly Choice[],
): Partial<Record<Name, Choice>> {
  const choice = choices.find((value) => value === search[name])
  return (choice === undefined ? {} : { [name]: choice }) as Partial<Record<Name, Choice>>
}
