/** What stands for a character that can't be kept. */
const unknownCharacter = '\ufffd'

/** Text as both engines keep it: PostgreSQL has neither U+0000 nor halves of surrogate pairs. */
export function keptText(text: string): string {
  return text.toWellFormed().replaceAll('\0', unknownCharacter)
}

/**
 * JSON as both engines keep and read it, for PostgreSQL reads no `\u0000` and no half of a surrogate pair in JSON.
 * @param value what JSON can say
 */
export function keptJson(value: unknown): string {
  const json = JSON.stringify(value)
  if (!json.includes('\\u')) return json
  // Each escape whole, so that an escaped backslash before `u0000` is not taken for the beginning of one.
  return json.replace(/\\(?:u(?:0000|d[89a-f][0-9a-f]{2})|.)/g, (found) =>
    found.length === 2 ? found : unknownCharacter,
  )
}
