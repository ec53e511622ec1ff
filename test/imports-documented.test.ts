import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { knownMapping } from '../src/datasets/forms/column-mapping.ts'
import { readRows } from '../src/datasets/read-rows.ts'
import { mostRecordBytes } from '../src/datasets/record-content.ts'
import { chooseForm, toRecordContent } from '../src/datasets/record-forms.ts'
import { mostRowBytes } from '../src/datasets/rows/row.ts'
import { formatOf, type RowFormat, rowFormats } from '../src/datasets/rows/row-format.ts'
import { allOf } from './support/all-of.ts'

const page = readFileSync(new URL('../docs/imports.md', import.meta.url), 'utf8')

describe('docs/imports.md', () => {
  const blocks = [...page.matchAll(/```(jsonl|csv)\n([\s\S]*?)```/g)].map(
    ([, format, text]) => [format as RowFormat, text ?? ''] as const,
  )

  it.each(blocks)('shows %s that can be imported: %s', async (format, text) => {
    async function* bytes() {
      yield Buffer.from(text)
    }
    const rows = await allOf(readRows(bytes(), format))
    const form = chooseForm(rows)
    for (const row of rows) {
      const content = 'value' in row ? toRecordContent(row.value, form) : row
      expect(content).toHaveProperty('payload.messages')
      expect(content).not.toHaveProperty('properties.label')
    }
  })

  it('shows each form', () => {
    expect(blocks).toHaveLength(4)
  })

  it('lists each format with names and media types that say it', () => {
    const table = [...page.matchAll(/^\| `(\w+)` \| (`\..*?) \| (.*?) \|/gm)]
    expect(table.map(([, format]) => format)).toEqual([...rowFormats])
    for (const [, format, names = '', types = ''] of table) {
      for (const [, name] of names.matchAll(/`(\.\w+)`/g)) expect(formatOf(`data${name}`, null)).toBe(format)
      for (const [, type] of types.matchAll(/`(.*?)`/g)) expect(formatOf('data', type ?? '')).toBe(format)
    }
  })

  it('names the columns that are known', () => {
    const [, inputs = '', outputs = ''] =
      /Known by their names are (.*?)\ntogether with (.*?); and/s.exec(page) ?? []
    const namesIn = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '')
    expect([namesIn(inputs).length, namesIn(outputs).length]).toEqual([5, 5])
    for (const input of namesIn(inputs)) {
      for (const output of namesIn(outputs))
        expect(knownMapping(new Set([input, output]))).toEqual({ input, output })
    }
  })

  it('says how long rows and records may be', () => {
    expect(page).toContain(`a row ${mostRowBytes.toLocaleString('en')}`)
    expect(page).toContain(`record that it becomes ${mostRecordBytes.toLocaleString('en')}`)
  })
})
