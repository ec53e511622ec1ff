import { Group, Text } from '@mantine/core'
import classes from './interval-line.module.css'

export interface Interval {
  readonly value: number
  /** Null where it can not be said. */
  readonly low: number | null
  readonly high: number | null
}

interface IntervalLineProps {
  readonly name: string
  readonly interval: Interval
  /** The ends of the axis. */
  readonly from: number
  readonly to: number
  readonly show: (value: number) => string
  readonly isStrong?: boolean
  /** A second value to compare it with: what a person has, or what no skill has. */
  readonly marks?: readonly { readonly value: number; readonly label: string }[]
}

/** A value on an axis, with where it lies with 95% confidence; also written. */
export function IntervalLine({
  name,
  interval,
  from,
  to,
  show,
  isStrong = false,
  marks = [],
}: IntervalLineProps) {
  const { value, low, high } = interval
  const place = (at: number) => `${Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100))}%`
  return (
    <Group gap="sm" wrap="wrap" className={classes.line}>
      <Text size="sm" fw={isStrong ? 650 : 400} className={classes.name}>
        {name}
      </Text>
      <div className={classes.axis} aria-hidden>
        {low !== null && high !== null && (
          <div
            className={classes.interval}
            data-strong={isStrong || undefined}
            style={{ left: place(low), right: `calc(100% - ${place(high)})` }}
          />
        )}
        {marks.map((mark) => (
          <div
            key={mark.label}
            className={classes.mark}
            style={{ left: place(mark.value) }}
            title={mark.label}
          />
        ))}
        <div className={classes.point} data-strong={isStrong || undefined} style={{ left: place(value) }} />
      </div>
      <Text size="sm" component="div" className={`${classes.written} numbers`} fw={isStrong ? 650 : 400}>
        {show(value)}
        {low !== null && high !== null && (
          <Text size="xs" c="dimmed">
            between {show(low)} and {show(high)}
          </Text>
        )}
        {marks.map((mark) => (
          <Text key={mark.label} size="xs" c="dimmed">
            {mark.label}: {show(mark.value)}
          </Text>
        ))}
      </Text>
    </Group>
  )
}

interface AxisProps {
  readonly from: number
  readonly to: number
  readonly show: (value: number) => string
}

/** The numbers below lines of the same axis. */
export function IntervalAxis({ from, to, show }: AxisProps) {
  const steps = [0, 0.25, 0.5, 0.75, 1]
  return (
    <Group gap="sm" wrap="wrap" className={classes.line} aria-hidden>
      <span className={classes.name} />
      <div className={classes.ticks}>
        {steps.map((step) => (
          <Text key={step} size="xs" c="dimmed" className="numbers">
            {show(from + step * (to - from))}
          </Text>
        ))}
      </div>
      <span className={classes.written} />
    </Group>
  )
}
