import { Presets, SingleBar } from 'cli-progress'
import type { RedteamProgress } from '../agreement/redteam.ts'
import type { Io } from './commands.ts'

interface Progress {
  readonly show: (progress: RedteamProgress) => void
  readonly end: () => void
}

const phases: Readonly<Record<RedteamProgress['phase'], string>> = {
  untouched: 'judging as they are',
  attacked: 'judging under attack',
}

/** Shows how far the work is on standard error: a bar on a terminal, a line every few seconds elsewhere. */
export function redteamProgress(io: Pick<Io, 'stderr'>): Progress {
  return io.stderr.isTTY ? barProgress(io) : lineProgress(io)
}

function barProgress(io: Pick<Io, 'stderr'>): Progress {
  const format = '{phase} [{bar}] {value} of {total}  {turned} turned  {eta_formatted} left'
  const bar = new SingleBar({ format, stream: io.stderr, hideCursor: true }, Presets.legacy)
  let shownPhase = ''
  return {
    show({ phase, done, total, turned }) {
      const shown = { phase: phases[phase], turned }
      if (phase !== shownPhase) {
        bar.stop()
        bar.start(total, done, shown)
        shownPhase = phase
      } else bar.update(done, shown)
    },
    end: () => bar.stop(),
  }
}

const lineEveryMs = 5000

function lineProgress(io: Pick<Io, 'stderr'>): Progress {
  let writtenAt = performance.now()
  return {
    show({ phase, done, total, turned }) {
      const now = performance.now()
      if (done < total && now - writtenAt < lineEveryMs) return
      writtenAt = now
      io.stderr.write(
        `${phases[phase]}: ${done} of ${total}${phase === 'attacked' ? `, ${turned} turned` : ''}\n`,
      )
    },
    end: () => undefined,
  }
}
