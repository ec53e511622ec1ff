import { ActionIcon, Group, Kbd, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'

interface StepButtonsProps {
  /** Undefined where there is none. */
  readonly onPrevious: (() => void) | undefined
  readonly onNext: (() => void) | undefined
}

/** From one of many to the one before and the next, by click or by the keys `k` and `j`. */
export function StepButtons({ onPrevious, onNext }: StepButtonsProps) {
  useHotkeys([
    ['j', () => onNext?.()],
    ['k', () => onPrevious?.()],
  ])
  const steps = [
    { label: 'The one before', key: 'k', Icon: IconChevronUp, go: onPrevious },
    { label: 'The next one', key: 'j', Icon: IconChevronDown, go: onNext },
  ]
  return (
    <Group gap="xs" wrap="nowrap">
      {steps.map(({ label, key, Icon, go }) => (
        <Tooltip
          key={key}
          label={
            <span>
              {label} <Kbd size="xs">{key}</Kbd>
            </span>
          }
        >
          <ActionIcon variant="default" aria-label={label} disabled={go === undefined} onClick={go}>
            <Icon size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  )
}
