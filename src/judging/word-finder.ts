/** Finds some words in a text, as parts of words too and in any case, in one pass over it. */
export interface WordFinder {
  /** Calls `found` with a word's index and the place behind it, from the text's beginning to its end. */
  visit(text: string, found: (word: number, end: number) => void): void
}

interface Node {
  /** By class of character. */
  readonly next: Map<number, number>
  readonly words: number[]
}

/**
 * An automaton after Aho and Corasick, "Efficient string matching" (1975): it takes as long for a hundred words
 * as for one.
 * @param words in lower case, without characters outside of the basic plane
 */
export function createWordFinder(words: readonly string[]): WordFinder {
  const classes = classesOf(words)
  const width = Math.max(...classes) + 1
  const nodes = buildTrie(words, classes)
  const step = new Uint16Array(nodes.length * width)
  linkNodes(nodes, step, width)
  const ends = Uint8Array.from(nodes, (node) => (node.words.length > 0 ? 1 : 0))
  return {
    visit(text, found) {
      let state = 0
      for (let at = 0; at < text.length; at += 1) {
        state = step[state * width + (classes[text.charCodeAt(at)] as number)] as number
        if (ends[state] === 0) continue
        for (const word of nodes[state]?.words ?? []) found(word, at + 1)
      }
    },
  }
}

/** A class for each character that some word has, upper and lower case alike; 0 for all others. */
function classesOf(words: readonly string[]): Uint8Array {
  const classes = new Uint8Array(0x1_0000)
  const letters = [...new Set(words.join(''))]
  for (const [index, letter] of letters.entries()) {
    classes[letter.charCodeAt(0)] = index + 1
    classes[letter.toUpperCase().charCodeAt(0)] = index + 1
  }
  return classes
}

function buildTrie(words: readonly string[], classes: Uint8Array): Node[] {
  const nodes: Node[] = [{ next: new Map(), words: [] }]
  for (const [index, word] of words.entries()) {
    let at = 0
    for (const letter of word) {
      const letterClass = classes[letter.charCodeAt(0)] ?? 0
      const known = nodes[at]?.next.get(letterClass)
      if (known === undefined) {
        nodes[at]?.next.set(letterClass, nodes.length)
        at = nodes.length
        nodes.push({ next: new Map(), words: [] })
      } else at = known
    }
    nodes[at]?.words.push(index)
  }
  return nodes
}

/** Fills in where each character leads, by way of the longest ending that begins another word. */
function linkNodes(nodes: readonly Node[], step: Uint16Array, width: number): void {
  const fallback = new Uint16Array(nodes.length)
  const queue = [0]
  for (const at of queue) {
    const back = fallback[at] ?? 0
    if (at !== 0) nodes[at]?.words.push(...(nodes[back]?.words ?? []))
    for (let letterClass = 0; letterClass < width; letterClass += 1) {
      const wanted = at === 0 ? 0 : (step[back * width + letterClass] ?? 0)
      const child = nodes[at]?.next.get(letterClass)
      step[at * width + letterClass] = child ?? wanted
      if (child === undefined) continue
      fallback[child] = wanted
      queue.push(child)
    }
  }
}
