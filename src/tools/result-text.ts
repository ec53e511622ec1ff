import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { sizeOf } from './cut-text.ts'

/**
 * What a model reads of a result: its texts, and a placeholder for each thing that is none. Structured content is
 * written as JSON where no text says the same.
 */
export function resultText({ content, structuredContent }: CallToolResult): string {
  const parts = content.map(partText)
  const hasText = content.some(({ type }) => type === 'text')
  if (!hasText && structuredContent !== undefined) parts.push(JSON.stringify(structuredContent))
  return parts.length === 0 ? '[no content]' : parts.join('\n')
}

function partText(part: CallToolResult['content'][number]): string {
  if (part.type === 'text') return part.text
  if (part.type === 'image' || part.type === 'audio') {
    return placeholder(part.type, part.mimeType, sizeOf(decodedBytes(part.data)))
  }
  if (part.type === 'resource_link') return placeholder('resource', part.uri, part.mimeType)
  const { resource } = part
  const bytes = 'text' in resource ? Buffer.byteLength(resource.text) : decodedBytes(resource.blob)
  return placeholder('resource', resource.uri, resource.mimeType, sizeOf(bytes))
}

function placeholder(kind: string, ...about: readonly (string | undefined)[]): string {
  return `[${kind}: ${about.filter((word) => word !== undefined).join(', ')}]`
}

function decodedBytes(base64: string): number {
  return Buffer.byteLength(base64, 'base64')
}
