import { describe, expect, it } from 'vitest'
import type { Output } from '../judges/definition.ts'
import type { FoundModel } from '../judging/model.ts'
import { judgmentsAllowed } from './court.ts'

const options: Output = {
  type: 'CLASSIFICATION',
  options: [
    { value: 'a', description: '' },
    { value: 'b', description: '' },
  ],
}
const numbers: Output = { type: 'REGRESSION', min: 0, minDescription: '', max: 1, maxDescription: '' }

function found(provider: string, callsAllowed?: number): FoundModel {
  const model = { complete: () => Promise.reject(new Error('not called')) }
  const hint = callsAllowed === undefined ? {} : { callsAllowedNow: () => callsAllowed }
  return { provider, modelName: 'm', model, ...hint }
}

function allowed(models: readonly FoundModel[], samples = 1, output = options, sharers = 1): number {
  return judgmentsAllowed({ found: models, definition: { output }, run: { samples } }, () => sharers)
}

describe('judgments at once', () => {
  it('are as many as the provider lets through calls now', () => {
    expect(allowed([found('p')])).toBe(Infinity)
    expect(allowed([found('p', 12)])).toBe(12)
    expect(allowed([found('p', 0)])).toBe(1)
  })

  it('are shared with the other runs that ask the provider', () => {
    expect(allowed([found('p', 12)], 1, options, 5)).toBe(2)
    expect(allowed([found('p', 2)], 1, options, 5)).toBe(1)
    expect(allowed([found('p', 2)], 1, options, 0)).toBe(2)
  })

  it('are fewer where each makes several calls at once', () => {
    expect(allowed([found('p', 12)], 5)).toBe(4)
    expect(allowed([found('p', 12)], 5, numbers)).toBe(2)
    expect(allowed([found('p', 12), found('p', 12), found('q', 5)])).toBe(5)
    expect(allowed([found('p', 12), found('p', 12), found('q', 50)], 3)).toBe(3)
  })
})
