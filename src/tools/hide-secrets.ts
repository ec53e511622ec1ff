/** Shorter ones would hide words that are none. */
const leastLength = 8

/**
 * Makes the function that takes secrets out of a text: each long word of the values, like a token behind `Bearer`, and
 * values that are made of short ones.
 */
export function createHideSecrets(values: Iterable<string>): (text: string) => string {
  const secrets = [...new Set([...values].flatMap(secretsOf))].sort((one, other) => other.length - one.length)
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '[hidden]'), text)
}

function secretsOf(value: string): readonly string[] {
  const words = value.split(/\s+/).filter((word) => word.length >= leastLength)
  if (words.length > 0) return words
  return value.length >= leastLength ? [value] : []
}
