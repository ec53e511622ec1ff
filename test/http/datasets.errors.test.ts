import { describe, expect, it } from 'vitest'
import { createDataset, datasetsPath as path } from '../support/datasets.ts'
import { startTestAssize } from '../support/test-assize.ts'

const good = { name: 'Questions', description: '' }
const unknownId = '019b2bd7-96e7-7219-8c0b-45a73da50088'

async function message(method: string, url: string, body?: object): Promise<unknown> {
  const assize = await startTestAssize()
  const dataset = await createDataset(assize)
  const answer = await assize.call(method, url.replace('DATASET', dataset.id), { ...(body && { body }) })
  const { detail } = answer.body
  return `${answer.status} ${detail.error_code}: ${detail.message}`
}

describe('a dataset is refused for', () => {
  it.each([
    [{ ...good, name: undefined }, 'name: expected string, found nothing.'],
    [{ ...good, name: '' }, 'name: expected 1 to 200 characters, found "".'],
    [{ ...good, name: 'n'.repeat(201) }, 'name: expected 1 to 200 characters, found 201 characters.'],
    [{ ...good, name: 'a\0b' }, 'name: expected text without the character U+0000, found "a\\u0000b".'],
    [{ name: 'Questions' }, 'description: expected string, found nothing.'],
    [
      { ...good, description: 'd'.repeat(2001) },
      'description: expected at most 2,000 characters, found 2,001 characters.',
    ],
  ])('%j', async (body, expected) => {
    expect(await message('POST', path, body)).toBe(`422 VALIDATION_ERROR: ${expected}`)
  })

  it('a change to what it may not be', async () => {
    expect(await message('PATCH', `${path}/DATASET`, { name: '' })).toBe(
      '422 VALIDATION_ERROR: name: expected 1 to 200 characters, found "".',
    )
  })

  it('a name that has 200 characters of several bytes', async () => {
    const { call } = await startTestAssize()
    const name = '🎉'.repeat(200)
    expect((await call('POST', path, { body: { ...good, name } })).body.name).toBe(name)
  })
})

describe('a dataset that is not there', () => {
  it.each([
    ['GET', ''],
    ['PATCH', '', {}],
    ['DELETE', ''],
    ['GET', '/records'],
    ['POST', '/records', { payload: { messages: [{ role: 'user', content: 'Hi' }] } }],
    ['GET', '/exports/to-jsonl'],
    ['GET', '/exports/records.jsonl'],
  ])('is told of to %s %s', async (method, place, body?: object) => {
    expect(await message(method, `${path}/${unknownId}${place}`, body)).toBe(
      `404 DATASET_NOT_FOUND: There is no dataset ${unknownId} in this workspace.`,
    )
  })

  it('has a slug that nobody has', async () => {
    for (const [method, place, body] of [
      ['GET', ''],
      ['PATCH', '', {}],
      ['DELETE', ''],
      ['GET', '/records'],
      ['GET', '/exports/records.jsonl'],
    ] as const) {
      expect(await message(method, `${path}/my-dataset${place}`, body)).toBe(
        '404 DATASET_NOT_FOUND: There is no dataset my-dataset in this workspace.',
      )
    }
  })

  it('is neither an id nor a slug', async () => {
    expect(await message('GET', `${path}/my_dataset`)).toBe(
      '422 VALIDATION_ERROR: dataset_id: expected a UUID or a slug, found "my_dataset".',
    )
  })
})
