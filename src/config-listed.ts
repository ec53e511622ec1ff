import { z } from 'zod'
import { fileSchema, readConfigFile, readDocument } from './config-file.ts'
import type { Environment } from './config-setting.ts'

/** A setting of the YAML file, by its path. */
export interface ListedSetting {
  /** `judging.deadline_seconds` */
  readonly name: string
  /** As it came out; undefined where it has no default and is not set. */
  readonly value: unknown
  readonly isInFile: boolean
}

type Json = { readonly [key: string]: unknown }

/**
 * All settings that there are, whether they are set or not, those of named entries where they are there, and whether the file sets them.
 * @throws ConfigError where the file can't be used
 */
export function listSettings(environment: Environment, workingDir: string): readonly ListedSetting[] {
  const document = readDocument(environment, workingDir)
  const schema = z.toJSONSchema(fileSchema, { io: 'output', unrepresentable: 'any' }) as Json
  return [...leaves(schema, readConfigFile(environment, workingDir), document, [])]
}

function* leaves(
  schema: Json,
  value: unknown,
  inFile: unknown,
  path: readonly string[],
  isOptional = false,
): Generator<ListedSetting> {
  const { properties, additionalProperties } = schema as { properties?: Json; additionalProperties?: unknown }
  // Of what the file names itself, such as a provider, only what is there is worth a line.
  if (isOptional && value === undefined) return
  const isNamed = properties === undefined && isJson(additionalProperties)
  const parts = Object.keys(properties ?? (isNamed && isJson(value) ? value : {}))
  if (parts.length === 0) {
    yield { name: path.join('.'), value, isInFile: inFile !== undefined }
    return
  }
  for (const part of parts) {
    const partSchema = (properties?.[part] ?? additionalProperties) as Json
    yield* leaves(
      partSchema,
      partOf(value, part),
      partOf(inFile, part),
      [...path, part],
      isOptional || isNamed,
    )
  }
}

function partOf(value: unknown, part: string): unknown {
  return isJson(value) ? value[part] : undefined
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
