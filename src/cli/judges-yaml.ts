import {
  Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { type Definition, isSameDefinition } from '../judges/definition.ts'
import { fromDefinition } from '../judges/definition-document.ts'
import { parseJudge } from './judges-parse.ts'

/** No line is folded: where one ends is its author's choice. */
const form = { lineWidth: 0 }

/** A judge as a new file of YAML, with its instructions as they read. */
export function writeJudge(definition: Definition): string {
  // Words that older readers of YAML take for true and false are written in quotes.
  const document = new Document(fromDefinition(definition), { compat: 'yaml-1.1' })
  const instructions = document.get('instructions', true)
  if (isScalar(instructions) && readsAsBlock(definition.instructions)) instructions.type = 'BLOCK_LITERAL'
  return checked(document.toString(form), definition) ?? JSON.stringify(fromDefinition(definition), null, 2)
}

/**
 * A judge's file with another definition: comments, the order of fields and whatever did not change stay as they are
 * wherever the new definition allows it.
 */
export function rewriteJudge(text: string, definition: Definition): string {
  const document = parseDocument(text)
  const before = parseJudge(text)
  if (!isMap(document.contents) || 'faults' in before) return writeJudge(definition)
  const after = fromDefinition(definition)
  // What is left of another type's fields would mean nothing.
  if (before.definition.output.type !== after.output.type) {
    document.set('output', document.createNode(after.output))
  }
  merge(document, document.contents, after)
  const isFlush = /^- /m.test(text)
  const indent = /^( {1,8})[^\s#]/m.exec(text)?.[1]?.length ?? 2
  const style = { ...form, indent, indentSeq: !isFlush, flowCollectionPadding: /[:-] \{ \w/.test(text) }
  const rewritten = checked(document.toString(style), definition)
  if (rewritten === undefined) return writeJudge(definition)
  return /\r\n/.test(text) ? rewritten.replaceAll('\n', '\r\n') : rewritten
}

/** Undefined where the text would be read as another definition. */
function checked(text: string, definition: Definition): string | undefined {
  const parsed = parseJudge(text)
  return 'definition' in parsed && isSameDefinition(parsed.definition, definition) ? text : undefined
}

/** Marks that no one sees in a block, or that some readers take for the end of a line. */
function readsAsBlock(text: string): boolean {
  return !/(?![\n\t])\p{Cc}|[\u2028\u2029\ufeff]/u.test(text)
}

function merge(document: Document, map: YAMLMap, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key) as Pair | undefined
    if (pair === undefined) map.set(key, document.createNode(value))
    else pair.value = merged(document, pair.value as Node | null, value)
  }
}

/** The node with another value; the node itself, with its comments and its style, where it can hold it. */
function merged(document: Document, node: Node | null, value: unknown): Node {
  if (node !== null && JSON.stringify(node.toJS(document)) === JSON.stringify(value)) return node
  if (isScalar(node) && !(value instanceof Object)) {
    node.value = value
    if (typeof value === 'string' && value.includes('\n') && readsAsBlock(value)) node.type = 'BLOCK_LITERAL'
    return node
  }
  if (isSeq(node) && Array.isArray(value)) return mergedItems(document, node, value)
  if (isMap(node) && value instanceof Object && !Array.isArray(value)) {
    // A type that the other fields tell need not be written.
    const { type, ...others } = value as Record<string, unknown>
    merge(document, node, type === undefined || !node.has('type') ? others : { type, ...others })
    return node
  }
  return document.createNode(value)
}

/** Items are known by what they are, or by their `value`, so that comments stay with the option they speak of. */
function mergedItems(document: Document, list: YAMLSeq, values: readonly unknown[]): Node {
  const left = [...(list.items as Node[])]
  const [first] = left
  list.items = values.map((value) => {
    const at = left.findIndex((item) => keyOf(item.toJS(document)) === keyOf(value))
    const [item = null] = at === -1 ? [] : left.splice(at, 1)
    return merged(document, item, value)
  })
  // A comment over the first item is the list's own until another item comes first.
  if (first && list.commentBefore && list.items.indexOf(first) > 0) {
    first.commentBefore = list.commentBefore
    list.commentBefore = null
  }
  return list
}

function keyOf(item: unknown): unknown {
  return item instanceof Object && 'value' in item ? item.value : item
}
