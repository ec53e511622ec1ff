import { type Kysely, sql } from 'kysely'
import type { Engine, Search } from './engines.ts'
import type { Tables } from './tables.ts'

/** How many of a text's trigrams are looked up at first: each costs as much as it has judges. */
const maxTrigrams = 4

/** A trigram much more frequent than the rarest costs more to look up than it spares. */
const leastRarity = 0.8

/** Up to so many judges it is cheaper to read their texts than to look up every trigram of the text. */
const maxCandidates = 500

/** Letters by how often English has them, the most frequent first; what is not among them is rarer still. */
const frequentFirst = ' etaoinsrhldcumfpgwybvkxjqz'

/**
 * How to find the living judges whose search text holds `text`, which `withoutCase` made. To look up a whole
 * text reads the list of each of its trigrams, and some are in every judge; so the rarest are tried alone first,
 * by a guess that costs little when it is wrong.
 */
export async function searchFor(engine: Engine, kysely: Kysely<Tables>, text: string): Promise<Search> {
  // By code point, as both engines count characters.
  const characters = [...text]
  const holdsText = engine.holds('judges.search_text', text)
  // Without a trigram, every living judge of the workspace is read: it takes longer with each of them, some 50
  // to 100 milliseconds for 100,000.
  if (characters.length < 3) return { from: sql`judges`, where: holdsText }
  const guess = engine.lookUp(rarestTrigrams(characters))
  const candidates = await sql`
    select judges.id from ${guess.from}
    where ${guess.where} and judges.deleted_at_ms is null limit ${maxCandidates}`.execute(kysely)
  const { from, where } = candidates.rows.length < maxCandidates ? guess : engine.lookUp([text])
  return { from, where: sql`${where} and ${holdsText}` }
}

/** Of equally rare ones the last, since numbers differ at their end. */
function rarestTrigrams(characters: readonly string[]): string[] {
  const trigrams = characters.slice(2).map((_, index) => characters.slice(index, index + 3))
  const ranked = trigrams.reverse().toSorted((one, other) => rarity(other) - rarity(one))
  const [rarest = []] = ranked
  const rare = ranked.filter((trigram) => rarity(trigram) >= rarity(rarest) * leastRarity)
  return [...new Set(rare.map((trigram) => trigram.join('')))].slice(0, maxTrigrams)
}

function rarity(trigram: readonly string[]): number {
  const ranks = trigram.map((character) => frequentFirst.indexOf(character))
  return ranks.reduce((sum, rank) => sum + (rank === -1 ? frequentFirst.length : rank), 0)
}
