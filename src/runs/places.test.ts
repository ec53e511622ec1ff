import { describe, expect, it } from 'vitest'
import { Places } from './places.ts'

/** Somebody that has so many things to do, each of which needs a place. */
function startWork(places: Places, todo: number, seen: string[], name: string) {
  let left = todo
  const goOn = (): void => {
    while (left > 0 && places.take(goOn)) {
      left -= 1
      seen.push(name)
    }
  }
  goOn()
  return { goOn, giveUp: () => (left = 0) }
}

describe('places', () => {
  it('are taken while there are any, and go to those that wait in turns', () => {
    const [places, seen]: [Places, string[]] = [new Places(2), []]
    const first = startWork(places, 5, seen, 'first')
    startWork(places, 2, seen, 'second')
    expect(seen).toEqual(['first', 'first'])
    for (let ended = 0; ended < 5; ended += 1) {
      places.giveBack()
      first.goOn()
    }
    expect(seen.slice(2)).toEqual(['first', 'second', 'first', 'second', 'first'])
  })

  it('pass by those that want none any more', () => {
    const [places, seen]: [Places, string[]] = [new Places(1), []]
    startWork(places, 1, seen, 'first')
    startWork(places, 1, seen, 'second').giveUp()
    startWork(places, 1, seen, 'third')
    places.giveBack()
    expect(seen).toEqual(['first', 'third'])
  })

  it('are there for everybody where there is no end of them', () => {
    const [places, seen]: [Places, string[]] = [new Places(Infinity), []]
    startWork(places, 5000, seen, 'first')
    expect(seen).toHaveLength(5000)
  })
})
