import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Tables } from './tables.ts'

/** How many of a text's trigrams are looked up; each more costs as much as it has judges. */
const maxTrigrams = 4

/** Up to so many judges it is cheaper to read their texts than to look up all trigrams of the text. */
const maxCandidates = 500

/** Letters by how often English has them, the most frequent first; what is not among them is rarer still. */
const frequentFirst = ' etaoinsrhldcumfpgwybvkxjqz'

/**
 * What to ask of the index of trigrams for the judges that may hold `text`, of at least three characters; the
 * text itself is compared afterwards. To ask for the whole text reads the list of each of its trigrams, and some
 * are in every judge. So the rarest are tried first, by a guess that costs little when it is wrong.
 */
export async function trigramQueryFor(kysely: Kysely<Tables>, text: string): Promise<string> {
  const guess = rarestTrigrams(text).map(quote).join(' AND ')
  const found = await candidatesOf(guess).execute(kysely)
  return found.rows.length < maxCandidates ? guess : quote(text)
}

function candidatesOf(query: string): RawBuilder<{ rowid: number }> {
  return sql`select rowid from judges_search where judges_search match ${query} limit ${maxCandidates}`
}

/** Of equally rare ones the last, since numbers differ at their end. */
function rarestTrigrams(text: string): string[] {
  const characters = [...text]
  const trigrams = characters.slice(2).map((_, index) => characters.slice(index, index + 3))
  const ranked = trigrams.reverse().toSorted((one, other) => rarity(other) - rarity(one))
  return [...new Set(ranked.map((trigram) => trigram.join('')))].slice(0, maxTrigrams)
}

function rarity(characters: readonly string[]): number {
  const ranks = characters.map((character) => {
    const rank = frequentFirst.indexOf(character)
    return rank === -1 ? frequentFirst.length : rank
  })
  return ranks.reduce((sum, rank) => sum + rank, 0)
}

/** A quoted text has no operators: all but the quote stands for itself. */
function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
