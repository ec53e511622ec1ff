import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { AssizeError } from '../errors.ts'
import type { Definition } from '../judges/definition.ts'
import { definitionDocument, toDefinition } from '../judges/definition-document.ts'
import { checkInstructions } from '../judges/instructions.ts'
import { readConversation } from '../judging/conversation.ts'
import type { Material } from '../judging/judging.ts'
import type { Io } from './commands.ts'

const conversationDocument = z
  .object({ messages: z.array(z.unknown()), properties: z.record(z.string(), z.unknown()).nullish() })
  .or(z.array(z.unknown()).transform((messages) => ({ messages })))

/**
 * Reads a judge from a YAML file, or from standard input where the path is `-`.
 * @throws AssizeError `request_invalid`, which names the file; `template_syntax`
 */
export async function readDefinition(path: string, io: Io): Promise<Definition> {
  return parseDefinition(path, await readText(path, io))
}

/**
 * A judge as it is written in a file.
 * @throws AssizeError `request_invalid`, which names the file; `template_syntax`
 */
export function parseDefinition(path: string, content: string): Definition {
  const document = parsed(path, content, parseYaml, definitionDocument)
  checkInstructions(document.instructions)
  return toDefinition(document)
}

/**
 * Reads one conversation from a JSON file, or from standard input where the path is `-`.
 * @throws AssizeError `request_invalid`, which names the file
 */
export async function readMaterial(path: string, io: Io): Promise<Material> {
  return parsed(path, await readText(path, io), JSON.parse, conversationDocument)
}

/**
 * Reads conversations, one a line.
 * @throws AssizeError `request_invalid`, which names the file and the line
 */
export async function readMaterials(path: string, io: Io): Promise<readonly Material[]> {
  const lines = (await readText(path, io)).split('\n')
  const materials = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [readLine(line, `${path}, line ${index + 1}`)],
  )
  if (materials.length > 0) return materials
  throw new AssizeError('request_invalid', `${path} has no conversations; expected one a line, as JSON.`)
}

function readLine(line: string, place: string): Material {
  const material: Material = parsed(place, line, JSON.parse, conversationDocument)
  try {
    readConversation(material.messages, material.properties ?? {})
  } catch (error) {
    throw new AssizeError('request_invalid', `${place}: ${(error as Error).message}`, { cause: error })
  }
  return material
}

/** @throws AssizeError `request_invalid`, which names the file */
export async function readText(path: string, io: Io): Promise<string> {
  if (path === '-') return readAll(io.stdin)
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new AssizeError('request_invalid', `${path} can't be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function parsed<Schema extends z.ZodType>(
  path: string,
  content: string,
  parse: (content: string) => unknown,
  schema: Schema,
): z.output<Schema> {
  let document: unknown
  try {
    document = parse(content)
  } catch (error) {
    throw new AssizeError('request_invalid', `${path}: ${(error as Error).message}`, { cause: error })
  }
  const result = schema.safeParse(document)
  if (result.success) return result.data
  throw new AssizeError('request_invalid', `${path}:\n${z.prettifyError(result.error)}`)
}
