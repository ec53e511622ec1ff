import { isScalar, LineCounter, parseDocument } from 'yaml'

/** A place in a definition: a field, and a line in it where it has several. */
interface Place {
  /** As in an error's message: `output.options[1].description`. */
  readonly path: string
  /** From 1. */
  readonly line?: number | undefined
}

/** Where a field, and a line in it, stand in a YAML or JSON file; from 1. */
export function linesOf(content: string): (place: Place) => number {
  const counter = new LineCounter()
  const document = parseDocument(content, { lineCounter: counter })
  return function lineOf({ path, line = 1 }) {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== '')
    const steps = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key))
    // A field that is left out has no place; what it should be in has one.
    const depth = steps.findLastIndex((_, at) => document.hasIn(steps.slice(0, at + 1))) + 1
    const node = document.getIn(steps.slice(0, depth), true) as
      | { range?: readonly number[] | null }
      | undefined
    const start = counter.linePos(node?.range?.[0] ?? 0).line
    // Only a literal block has the lines of its text, from the line after its mark.
    return isScalar(node) && node.type === 'BLOCK_LITERAL' ? start + line : start
  }
}
