import { useState } from 'react'
import type { Material } from '../../api/shapes.ts'
import { type Sample, titleOf } from './read-samples.ts'

/** The conversations that a judge is tried on while it is being written. */
export function useSamples(first: readonly Material[]) {
  const [samples, setSamples] = useState<readonly Sample[]>(() => first.map(toSample))
  return {
    samples,
    add: (added: readonly Material[]) => setSamples((before) => [...before, ...added.map(toSample)]),
    remove: (id: string) => setSamples((before) => before.filter((sample) => sample.id !== id)),
  }
}

function toSample(material: Material): Sample {
  return { ...material, id: crypto.randomUUID(), title: titleOf(material) }
}
