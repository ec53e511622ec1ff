import { compile } from 'html-to-text'

const skipped = ['script', 'style', 'noscript', 'template', 'svg', 'img', 'iframe', 'object', 'canvas']
const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']

const toText = compile({
  wordwrap: false,
  limits: { maxDepth: 200, ellipsis: '' },
  selectors: [
    ...skipped.map((selector) => ({ selector, format: 'skip' })),
    ...headings.map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
  ],
})

const toTitle = compile({
  wordwrap: false,
  baseElements: { selectors: ['title'], returnDomByDefault: false },
  limits: { maxBaseElements: 1, maxDepth: 200 },
})

/** A page's readable text: headings, lists, tables, the text of links; no scripts, styles or pictures. */
export function textOfHtml(html: string): string {
  return toText(html).trim()
}

/** A page's title, or an empty text. */
export function titleOfHtml(html: string): string {
  // A title stands at the beginning; the rest need not be parsed twice.
  return toTitle(html.slice(0, 65_536)).replace(/\s+/g, ' ').trim()
}

/** A text without markup on one line, cut at so many characters. */
export function plainLine(html: string, maxCharacters: number): string {
  return cutCharacters(toText(html).replace(/\s+/g, ' ').trim(), maxCharacters, '...')
}

/** A text of so many UTF-16 units at most, then the ending; no character is cut in two. */
export function cutCharacters(text: string, maxCharacters: number, ending: string): string {
  if (text.length <= maxCharacters) return text
  return text.slice(0, maxCharacters).replace(/[\uD800-\uDBFF]$/, '') + ending
}
