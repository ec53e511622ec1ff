import type { Command, Io } from './commands.ts'
import { type RunOptions, readRunOptions } from './run-options.ts'
import { type RunReport, reportAsJson, reportAsText } from './run-summary.ts'

const usage = `Usage: assize run --judge JUDGE --data FILE [--out FILE [--resume] [--retry-failed] [--json]]
                  [--format FORMAT] [--map input=COLUMN,output=COLUMN] [--limit N] [--samples K] [--concurrency N]
                  [--max-cost X] [--max-tokens N] [--fail-if CONDITION]... [--workspace NAME]
       assize run --server URL [--key-file FILE] [--priority PRIORITY] ...

Judges every record of a file. Results are lines of JSON in the order of the records; a summary follows on standard
output, or on standard error where the results are there.

--judge         a file like judge.yaml, or the id or name of a saved judge
--data          JSON lines, a JSON array, CSV, TSV or Parquet, also with gzip; - is standard input
--format        jsonl, json, csv, tsv or parquet, where neither name nor content tell it
--map           which columns are the conversation: input, output, context, system; properties=COLUMN and json=COLUMN,
                any number of times, make columns properties of the record, or read their text as JSON
--limit         take the first N records only
--out           where the results go; standard output without it
--resume        go on with the results of --out: what has one is not judged again
--retry-failed  like --resume, but what got no answer is judged again
--samples       judgments of each record, made into one by their majority or mean; 1 unless given
--concurrency   judgments at once; as the configuration says unless given (16)
--max-cost      stop before the judgments of --out cost more, in the currency of the configured prices
--max-tokens    stop before they take more tokens, input and output together
--fail-if       exit with 1 where the condition holds, or there is nothing to measure: MEASURE OPERATOR NUMBER. Measures
                are share(OPTION), mean, answered (a share), outcome(OUTCOME), judged, refused (counts), cost, tokens;
                low(...) and high(...) are the ends of the 95% interval of the first three
--json          the summary as JSON
--workspace     of a saved judge; "default" unless given
--server        do it on this server: the data becomes a dataset there, and the run goes on if this command is ended
--priority      low, normal or high: of the runs of one workspace on a server, those of a higher one go first
--key-file      holds the server's key; else ASSIZE_API_KEY, and for this machine the first key in the data folder

Ctrl-C finishes what is under way; the same command with --resume goes on. The exit code is 0 when every record was
judged and no condition holds, 130 after Ctrl-C, else 1.`

async function run(args: readonly string[], io: Io): Promise<number> {
  const options = readRunOptions(args)
  const report = await runAs(options, io)
  const summary = options.json ? reportAsJson(report) : reportAsText(report)
  const stream = options.out === undefined ? io.stderr : io.stdout
  stream.write(summary)
  if (options.out !== undefined && report.end !== 'completed') {
    io.stderr.write('The same command with --resume goes on from here.\n')
  }
  return exitCode(report, io)
}

async function runAs(options: RunOptions, io: Io): Promise<RunReport> {
  const { server } = options
  if (server === undefined) return (await import('./run-locally.ts')).runLocally(options, io)
  return (await import('./run-on-server.ts')).runOnServer({ ...options, server }, io)
}

/** What shells give a process that these signals ended. */
const codesOfSignals: ReadonlyMap<unknown, number> = new Map([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])

function exitCode({ end, verdicts }: RunReport, { stop }: Io): number {
  if (end === 'stopped') return codesOfSignals.get(stop.reason) ?? 1
  return end === 'completed' && verdicts.every(({ holds }) => !holds) ? 0 : 1
}

export const runCommand: Command = { usage, run }
