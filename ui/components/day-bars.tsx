import { Group, Text } from '@mantine/core'
import classes from './day-bars.module.css'

export interface BarPart {
  readonly name: string
  readonly value: number
  /** A color of the theme. */
  readonly color: string
}

export interface Bar {
  /** What it stands for: a day. */
  readonly label: string
  /** From the bottom up. */
  readonly parts: readonly BarPart[]
}

interface DayBarsProps {
  readonly bars: readonly Bar[]
  readonly show: (value: number) => string
  readonly height: number
}

/** Bars side by side, each with its parts on top of each other; who points at one reads its numbers. The same stands in a table beside. */
export function DayBars({ bars, show, height }: DayBarsProps) {
  const most = Math.max(...bars.map(({ parts }) => sumOf(parts)))
  const top = niceTop(most)
  const names = bars[0]?.parts ?? []
  return (
    <div aria-hidden>
      {names.length > 1 && (
        <Group gap="md" mb="xs" justify="flex-end">
          {names.map(({ name, color }) => (
            <Group key={name} gap={6}>
              <span className={classes.key} style={{ background: `var(--mantine-color-${color}-6)` }} />
              <Text size="xs">{name}</Text>
            </Group>
          ))}
        </Group>
      )}
      <div className={classes.chart}>
        <div className={classes.axis} style={{ height }}>
          {[top, top / 2, 0].map((value) => (
            <Text key={value} size="xs" c="dimmed" className="numbers">
              {show(value)}
            </Text>
          ))}
        </div>
        <div className={classes.bars} style={{ height }}>
          {bars.map(({ label, parts }) => (
            <div key={label} className={classes.bar} title={titleOf(label, parts, show)}>
              {parts.toReversed().map(({ name, value, color }) => (
                <div
                  key={name}
                  style={{
                    height: `${top === 0 ? 0 : (value / top) * 100}%`,
                    background: `var(--mantine-color-${color}-6)`,
                  }}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      <Group justify="space-between" className={classes.days}>
        {[bars[0], bars[Math.floor(bars.length / 2)], bars.at(-1)].map((bar, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: three places
          <Text key={index} size="xs" c="dimmed">
            {bar?.label}
          </Text>
        ))}
      </Group>
    </div>
  )
}

function sumOf(parts: readonly BarPart[]): number {
  return parts.reduce((sum, { value }) => sum + value, 0)
}

function titleOf(label: string, parts: readonly BarPart[], show: (value: number) => string): string {
  return `${label}: ${parts.map(({ name, value }) => `${show(value)} ${name}`).join(', ')}`
}

/** The next of 1, 2 or 5 times a power of ten from a value on; 0 for 0. */
export function niceTop(value: number): number {
  if (value <= 0) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power
}
