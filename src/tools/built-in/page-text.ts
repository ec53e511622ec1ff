import { Parser } from 'htmlparser2'
import { PageError } from './page-address.ts'

const skipped = new Set('script style noscript template svg iframe object canvas title'.split(' '))
const lineBreaks = new Set(
  'br p div section article main header footer aside nav ul ol li dl dt dd table tr h1 h2 h3 h4 h5 h6 pre blockquote form hr figure'.split(
    ' ',
  ),
)
const apart = new Set('p h1 h2 h3 h4 h5 h6 ul ol table pre blockquote'.split(' '))
/** Closing a tag costs time by the depth, so that depth must have an end. */
const maxDepth = 1000

/** Reads tags one after another, in time by their number: a tree of a hostile page costs far more. */
function readHtml(html: string): { readonly text: string; readonly title: string } {
  const text: string[] = []
  const title: string[] = []
  const skipping: string[] = []
  let depth = 0
  const parser = new Parser({
    onopentag(name) {
      depth += 1
      if (depth > maxDepth) throw new PageError('The page is nested too deeply to be read.')
      if (skipped.has(name)) skipping.push(name)
      if (lineBreaks.has(name)) text.push(apart.has(name) ? '\n\n' : '\n')
      if (name === 'li') text.push('* ')
      if (name === 'td' || name === 'th') text.push('  ')
    },
    ontext(data) {
      if (skipping.length === 0) text.push(data.replace(/\s+/g, ' '))
      else if (skipping.at(-1) === 'title' && skipping.length === 1) title.push(data)
    },
    onclosetag(name) {
      depth -= 1
      if (skipping.at(-1) === name) skipping.pop()
      if (apart.has(name)) text.push('\n\n')
    },
  })
  parser.end(html)
  const lines = text
    .join('')
    .split('\n')
    .map((line) => line.trim())
  return {
    text: lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    title: title.join(''),
  }
}

/** A page's readable text: headings, lists, tables, the text of links; no scripts, styles or pictures. */
export function textOfHtml(html: string): string {
  return readHtml(html).text
}

/** A page's title, or an empty text. */
export function titleOfHtml(html: string): string {
  return readHtml(html).title.replace(/\s+/g, ' ').trim()
}

/** A text without markup on one line, cut at so many characters. */
export function plainLine(html: string, maxCharacters: number): string {
  return cutCharacters(textOfHtml(html).replace(/\s+/g, ' ').trim(), maxCharacters, '...')
}

/** A text of so many UTF-16 units at most, then the ending; no character is cut in two. */
export function cutCharacters(text: string, maxCharacters: number, ending: string): string {
  if (text.length <= maxCharacters) return text
  return text.slice(0, maxCharacters).replace(/[\uD800-\uDBFF]$/, '') + ending
}
