import { useWindowEvent } from '@mantine/hooks'
import type { Answer, Output } from '../../api/shapes.ts'
import { isTyping } from '../../shell/shortcuts.tsx'

interface LabelKeys {
  readonly output: Output
  readonly isOn: boolean
  readonly label: (value: Answer | null) => void
  readonly skip: () => void
  readonly undo: () => void
}

/** Labels by the keyboard: a digit for an option or a number of the scale, `x` for what can't be told, `s` skips, `u` takes back. */
export function useLabelKeys({ output, isOn, label, skip, undo }: LabelKeys): void {
  useWindowEvent('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return
    if (event.key === 'u') undo()
    if (!isOn) return
    if (event.key === 'x') label(null)
    if (event.key === 's') skip()
    const value = valueOfKey(event.key, output)
    if (value !== undefined) label(value)
  })
}

/** The answer that a digit stands for: the option of that place, or the number itself where the scale has it. */
export function valueOfKey(key: string, output: Output): Answer | undefined {
  if (!/^\d$/.test(key)) return undefined
  const digit = Number(key)
  if (output.type === 'CLASSIFICATION') return output.options[digit - 1]?.value
  return digit >= output.min && digit <= output.max ? digit : undefined
}
