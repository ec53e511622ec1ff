/** Shorter ones would hide words that are none. */
const leastLength = 6

/** Makes the function that takes secrets out of a text: the values, and each of their words, like a token behind `Bearer`. */
export function createHideSecrets(values: Iterable<string>): (text: string) => string {
  const words = [...values].flatMap((value) => [value, ...value.split(/\s+/)])
  const secrets = [...new Set(words)]
    .filter((word) => word.length >= leastLength)
    .sort((one, other) => other.length - one.length)
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '[hidden]'), text)
}
