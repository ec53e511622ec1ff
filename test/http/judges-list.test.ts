import { describe, expect, it } from 'vitest'
import { engines } from '../support/engines.ts'
import { approval, path, startTestAssize, type TestAssize } from '../support/test-assize.ts'

const scale = { type: 'REGRESSION', min: 0, min_description: 'bad', max: 1, max_description: 'good' }

async function create({ call }: TestAssize, ...changes: readonly object[]): Promise<string[]> {
  const ids: string[] = []
  for (const change of changes) {
    const answer = await call('POST', path, { body: { ...approval, ...change } })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    ids.push(answer.body.id)
  }
  return ids
}

function names(count: number): { name: string }[] {
  return Array.from({ length: count }, (_, index) => ({ name: `Judge ${String(index).padStart(3, '0')}` }))
}

/** The names that a query finds, in their order. */
async function found({ call }: TestAssize, query: string): Promise<string[]> {
  const { status, body } = await call('GET', `${path}?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  expect(body.judges.count).toBe(body.judges.results.length)
  return body.judges.results.map((judge: { name: string }) => judge.name)
}

for (const engine of engines) {
  describe(`the list of judges on ${engine.name}`, () => {
    it('is empty at first', async () => {
      const { call } = await startTestAssize({ engine })
      expect(await call('GET', path)).toMatchObject({
        status: 200,
        body: { judges: { results: [], count: 0, next: null, previous: null } },
      })
    })

    it('has the newest first, and ties by id', async () => {
      const assize = await startTestAssize({ engine })
      const atOnce = await create(assize, ...names(4))
      assize.advance(-1000)
      const [older] = await create(assize, { name: 'Older' })
      assize.advance(2000)
      const [newer] = await create(assize, { name: 'Newer' })
      const { body } = await assize.call('GET', path)
      expect(body.judges.results.map(({ id }: { id: string }) => id)).toEqual([
        newer,
        ...atOnce.sort().reverse(),
        older,
      ])
    })

    it('keeps its order when a judge is updated', async () => {
      const assize = await startTestAssize({ engine })
      const [first, second] = await create(assize, ...names(2))
      assize.advance(1000)
      await assize.call('PUT', `${path}/${first}`, { body: { ...approval, name: 'Changed' } })
      const { body } = await assize.call('GET', path)
      expect(body.judges.results.map(({ id }: { id: string }) => id)).toEqual([second, first])
    })

    it('is walked from end to end and back by its own paths', async () => {
      const assize = await startTestAssize({ engine })
      const ids = await create(assize, ...names(7))
      const pages: string[][] = []
      let next: string | null =
        `${path}?page_size=3&q=judge&type_filter=CLASSIFICATION&type_filter=REGRESSION`
      let previous: string | null = null
      let last = ''
      while (next !== null) {
        last = next
        const { body } = await assize.call('GET', next)
        expect(body.judges.count).toBe(7)
        pages.push(body.judges.results.map(({ id }: { id: string }) => id))
        next = body.judges.next
        previous = body.judges.previous
        if (next !== null) expect(next).toContain('type_filter=CLASSIFICATION&type_filter=REGRESSION')
      }
      expect(pages.map((page) => page.length)).toEqual([3, 3, 1])
      expect(pages.flat()).toEqual(ids.toReversed())
      expect(previous).not.toBe(last)
      const back: string[][] = []
      while (previous !== null) {
        const { body } = await assize.call('GET', previous)
        back.push(body.judges.results.map(({ id }: { id: string }) => id))
        previous = body.judges.previous
      }
      expect(back).toEqual([pages[1], pages[0]])
    })

    it('leads back from beyond its last page', async () => {
      const assize = await startTestAssize({ engine })
      await create(assize, ...names(3))
      const { body } = await assize.call('GET', `${path}?page=9&page_size=2`)
      expect(body.judges).toEqual({
        results: [],
        count: 3,
        next: null,
        previous: `${path}?page=2&page_size=2`,
      })
      const furthest = await assize.call('GET', `${path}?page=999999999&page_size=100`)
      expect(furthest).toMatchObject({ status: 200, body: { judges: { results: [], count: 3 } } })
    })

    it('has 50 on a page, or any number from 0 to 100', async () => {
      const assize = await startTestAssize({ engine })
      await create(assize, ...names(101))
      const lengthOf = async (query: string) =>
        (await assize.call('GET', `${path}${query}`)).body.judges.results.length
      expect(await lengthOf('')).toBe(50)
      expect(await lengthOf('?page_size=1')).toBe(1)
      expect(await lengthOf('?page_size=100')).toBe(100)
      expect((await assize.call('GET', `${path}?page_size=0`)).body.judges).toEqual({
        results: [],
        count: 101,
        next: null,
        previous: null,
      })
    })

    it('finds a part of the name or the description, whatever its case', async () => {
      const assize = await startTestAssize({ engine })
      await create(
        assize,
        { name: 'Groundedness', description: 'Is it GROUNDED?' },
        { name: 'Tone of voice', description: 'Friendly, or rude: ünder_score' },
        { name: 'ÉCLAIR ΣΊΣΥΦΟΣ', description: 'x' },
      )
      expect(await found(assize, 'q=GROUND')).toEqual(['Groundedness'])
      expect(await found(assize, 'q=it%20grounded%3F')).toEqual(['Groundedness'])
      expect(await found(assize, 'q=e')).toEqual(['Tone of voice', 'Groundedness'])
      expect(await found(assize, 'q=%C3%9CNDER')).toEqual(['Tone of voice'])
      expect(await found(assize, 'q=%C3%A9clair')).toEqual(['ÉCLAIR ΣΊΣΥΦΟΣ'])
      expect(await found(assize, `q=${encodeURIComponent('σίσυφος')}`)).toEqual(['ÉCLAIR ΣΊΣΥΦΟΣ'])
      expect(await found(assize, 'q=Fine')).toEqual([])
      expect(await found(assize, 'q=instructions')).toEqual([])
      expect(await found(assize, 'q=')).toHaveLength(3)
      expect(await found(assize, 'q=voiceFriendly')).toEqual([])
    })

    it('takes every character of a search for itself', async () => {
      const assize = await startTestAssize({ engine })
      const plain = [{ name: 'plain', description: '' }]
      const special = ['100% sure', 'snake_case', String.raw`back\slash`, `quo'te"s`, 'a*b?[c]', 'N--EAR(x)']
      await create(assize, ...plain, ...special.map((name) => ({ name, description: '' })))
      for (const name of special) {
        expect(await found(assize, `q=${encodeURIComponent(name)}`), name).toEqual([name])
      }
      expect(await found(assize, 'q=%25')).toEqual(['100% sure'])
      expect(await found(assize, 'q=%')).toEqual(['100% sure'])
      expect(await found(assize, 'q=_')).toEqual(['snake_case'])
      expect(await found(assize, 'q=%5C')).toEqual([String.raw`back\slash`])
      expect(await found(assize, "q='")).toEqual([`quo'te"s`])
      expect(await found(assize, 'q=*')).toEqual(['a*b?[c]'])
      expect(await found(assize, 'q=p_ain')).toEqual([])
      expect(await found(assize, 'q=p%25n')).toEqual([])
    })

    it('finds what a judge is now, and not what it was', async () => {
      const assize = await startTestAssize({ engine })
      const [id, other] = await create(assize, { name: 'Before' }, { name: 'Beforehand' })
      const after = { ...approval, name: 'After', model_name: 'other', output: scale }
      await assize.call('PUT', `${path}/${id}`, { body: after })
      await assize.call('DELETE', `${path}/${other}`)
      expect(await found(assize, 'q=before')).toEqual([])
      expect(await found(assize, 'type_filter=CLASSIFICATION')).toEqual([])
      expect(await found(assize, 'model_filter=scripted')).toEqual([])
      expect(await found(assize, 'q=after&type_filter=REGRESSION&model_filter=other')).toEqual(['After'])
    })

    it('takes any of the types and any of the models, and all that is asked together', async () => {
      const assize = await startTestAssize({ engine })
      await create(
        assize,
        { name: 'first', model_name: 'a' },
        { name: 'second', model_name: 'b/c' },
        { name: 'third', model_name: 'a', output: scale },
        { name: 'fourth', model_name: 'A', output: scale },
      )
      expect(await found(assize, 'type_filter=REGRESSION')).toEqual(['fourth', 'third'])
      expect(await found(assize, 'type_filter=REGRESSION&type_filter=CLASSIFICATION')).toHaveLength(4)
      expect(await found(assize, 'type_filter=REGRESSION&type_filter=REGRESSION')).toHaveLength(2)
      expect(await found(assize, 'model_filter=a')).toEqual(['third', 'first'])
      expect(await found(assize, 'model_filter=a&model_filter=b/c')).toEqual(['third', 'second', 'first'])
      expect(await found(assize, 'model_filter=a&model_filter=a')).toEqual(['third', 'first'])
      expect(await found(assize, 'model_filter=a&type_filter=REGRESSION')).toEqual(['third'])
      expect(await found(assize, 'model_filter=a&type_filter=CLASSIFICATION&q=IRS')).toEqual(['first'])
      expect(await found(assize, 'model_filter=none')).toEqual([])
      const many = Array.from({ length: 100 }, (_, index) => `model_filter=m${index}`)
      expect(await found(assize, [...many.slice(1), 'model_filter=b/c'].join('&'))).toEqual(['second'])
    })

    it('ignores parameters that it does not know', async () => {
      const assize = await startTestAssize({ engine })
      await create(assize, { name: 'Alone' })
      expect(await found(assize, 'order=asc&name=other&__proto__=x')).toEqual(['Alone'])
    })
  })
}
