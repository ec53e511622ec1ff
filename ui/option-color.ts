import type { Output } from './api/shapes.ts'

/** Colors that stay apart for most who see colors differently, and as shades of grey. */
const colors = [
  'blue',
  'orange',
  'teal',
  'grape',
  'yellow',
  'indigo',
  'lime',
  'pink',
  'cyan',
  'gray',
] as const

/** An option has the same color wherever it is drawn: by its place among the judge's options. */
export function optionColor(output: Output | undefined, option: string): (typeof colors)[number] {
  const place =
    output?.type === 'CLASSIFICATION' ? output.options.findIndex(({ value }) => value === option) : -1
  return place === -1 ? 'gray' : (colors[place % colors.length] ?? 'gray')
}
