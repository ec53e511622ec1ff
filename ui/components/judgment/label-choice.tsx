import { Button, Group, Kbd, NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { Answer, Output } from '../../api/shapes.ts'
import { optionColor } from '../../option-color.ts'

interface LabelChoiceProps {
  readonly output: Output
  readonly isDisabled: boolean
  /** Null: it can't be told. */
  readonly onChoose: (value: Answer | null) => void
  /** Whether the keys that choose are shown. */
  readonly hasKeys?: boolean
}

/** All that a judge can answer, for a person to choose from. */
export function LabelChoice({ output, isDisabled, onChoose, hasKeys = false }: LabelChoiceProps) {
  return (
    <Group gap="xs" align="flex-end">
      {output.type === 'CLASSIFICATION' ? (
        output.options.map(({ value, description }, index) => (
          <Button
            key={value}
            variant="light"
            color={optionColor(output, value)}
            disabled={isDisabled}
            title={description}
            onClick={() => onChoose(value)}
            leftSection={hasKeys && index < 9 && <Kbd size="xs">{index + 1}</Kbd>}
          >
            {value}
          </Button>
        ))
      ) : (
        <Numbers output={output} isDisabled={isDisabled} onChoose={onChoose} hasKeys={hasKeys} />
      )}
      <Button
        variant="default"
        disabled={isDisabled}
        onClick={() => onChoose(null)}
        leftSection={hasKeys && <Kbd size="xs">x</Kbd>}
      >
        Can’t tell
      </Button>
    </Group>
  )
}

const mostButtons = 11

/** A button for each whole number where these are few; else a field. */
function Numbers({
  output,
  isDisabled,
  onChoose,
  hasKeys,
}: LabelChoiceProps & { output: Extract<Output, { type: 'REGRESSION' }> }) {
  const { min, max } = output
  const [value, setValue] = useState<number | string>('')
  const first = Math.ceil(min)
  const whole = Array.from({ length: Math.max(0, Math.floor(max) - first + 1) }, (_, index) => first + index)
  if (whole.length >= 3 && whole.length <= mostButtons)
    return whole.map((number) => (
      <Button
        key={number}
        variant="light"
        disabled={isDisabled}
        onClick={() => onChoose(number)}
        leftSection={hasKeys && number >= 0 && number <= 9 && <Kbd size="xs">{number}</Kbd>}
      >
        {number}
      </Button>
    ))
  const isRight = typeof value === 'number' && value >= min && value <= max
  return (
    <>
      <NumberInput
        aria-label={`From ${min} to ${max}`}
        placeholder={`${min} to ${max}`}
        w={140}
        value={value}
        onChange={setValue}
      />
      <Button disabled={isDisabled || !isRight} onClick={() => typeof value === 'number' && onChoose(value)}>
        Label
      </Button>
    </>
  )
}
