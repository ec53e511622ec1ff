/** A setting that can't be used: the message names it and says what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export type Environment = Readonly<Record<string, string | undefined>>

/** A setting that two places may give, from the one that does. Throws where they disagree. */
export function oneOf(
  variable: string,
  fromEnvironment: string | undefined,
  key: string,
  fromFile: string | undefined,
): string | undefined {
  if (fromEnvironment === undefined || fromEnvironment === '') return fromFile
  if (fromFile !== undefined && fromFile !== fromEnvironment) {
    throw new ConfigError(
      `${variable} in the environment and ${key} in the YAML file say different things. Set one of them.`,
    )
  }
  return fromEnvironment
}
