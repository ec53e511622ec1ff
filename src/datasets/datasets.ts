import { hashKey } from '../access/key.ts'
import { AssizeError } from '../errors.ts'
import { isId } from '../judges/id.ts'
import type { Page } from '../judges/judge-store.ts'
import type { Author } from '../judges/judges.ts'
import type { Dataset } from './dataset.ts'
import type { DatasetChange, DatasetQuery, DatasetStore, LinkStore } from './dataset-store.ts'
import { distinctSlugOf, slugOf } from './slug.ts'

/** Bytes of chance in the token of a link. */
export const tokenBytes = 32

/** How long a link leads to its dataset. */
const linkLastsMs = 3_600_000

export interface DatasetsTools {
  readonly store: DatasetStore
  readonly links: LinkStore
  readonly now: () => Date
  /** A new UUID, version 7. */
  readonly newId: () => string
  /** `tokenBytes` bytes of a cryptographic source. */
  readonly randomTokenBytes: () => Buffer
  /** Called when a dataset was deleted, whose records are to be removed. */
  readonly onRemoved: () => void
}

/** The use cases of datasets. Every one sees the author's workspace and nothing else, and takes a slug for an id. */
export interface Datasets {
  create(author: Author, named: Pick<Dataset, 'name' | 'description'>): Promise<Dataset>
  /** Throws `dataset_not_found`. */
  find(author: Author, id: string): Promise<Dataset>
  /** The id that a slug stands for; an id stands for itself, whether or not it is there. Throws `dataset_not_found`. */
  idOf(author: Author, idOrSlug: string): Promise<string>
  /** Newest first. */
  list(author: Author, query: DatasetQuery): Promise<Page<Dataset>>
  /** What is left out stays. Throws `dataset_not_found`. */
  update(author: Author, id: string, change: Omit<DatasetChange, 'updatedAt'>): Promise<Dataset>
  /** From now on nobody finds the dataset or its records. Throws `dataset_not_found`. */
  remove(author: Author, id: string): Promise<void>
  /**
   * Makes a link by which its bearer may read the dataset's records without a key, for as long as `linkLastsMs`.
   * @returns the link's token, which is known here and now only: what is stored is a hash
   * @throws AssizeError `dataset_not_found`
   */
  makeLink(author: Author, id: string): Promise<string>
  /** The dataset that a link leads to. Throws `link_expired`. */
  followLink(id: string, token: string): Promise<Dataset>
}

/** @example createDatasets({ store, now: () => new Date(), newId: uuidv7, ... }) */
export function createDatasets(tools: DatasetsTools): Datasets {
  const { store, links, now, newId } = tools

  async function find({ workspaceId }: Author, id: string): Promise<Dataset> {
    const found = isId(id) ? store.find(workspaceId, id) : store.findBySlug(workspaceId, id.toLowerCase())
    return (await found) ?? refuse(datasetNotFound(id))
  }

  async function idOf(author: Author, idOrSlug: string): Promise<string> {
    return isId(idOrSlug) ? idOrSlug : (await find(author, idOrSlug)).id
  }

  return {
    find,
    idOf,

    async create({ workspaceId, ownerId }, { name, description }) {
      const createdAt = now()
      const about = { workspaceId, ownerId, name, description, createdAt, updatedAt: createdAt }
      const id = newId()
      for (let slug = slugOf(name), chance = id; ; chance = newId()) {
        const dataset = { ...about, id, slug }
        if ((await store.insert(dataset)) === 'inserted') return dataset
        slug = distinctSlugOf(name, chance)
      }
    },

    list: (author, query) => store.list(author.workspaceId, query),

    async update(author, id, change) {
      const known = await idOf(author, id)
      const updated = await store.update(author.workspaceId, known, { ...change, updatedAt: now() })
      return updated ?? refuse(datasetNotFound(id))
    },

    async remove(author, id) {
      const known = await idOf(author, id)
      if ((await store.remove(author.workspaceId, known, now())) === 'missing') throw datasetNotFound(id)
      tools.onRemoved()
    },

    async makeLink(author, id) {
      const dataset = await find(author, id)
      const token = tools.randomTokenBytes().toString('base64url')
      const madeAt = now()
      const expiresAt = new Date(madeAt.getTime() + linkLastsMs)
      await links.insert({ hash: hashKey(token), datasetId: dataset.id, expiresAt }, madeAt)
      return token
    },

    async followLink(id, token) {
      const found = await links.find(hashKey(token))
      if (found === undefined || found.link.expiresAt <= now()) throw linkExpired()
      const { dataset } = found
      return [dataset.id, dataset.slug].includes(id.toLowerCase()) ? dataset : refuse(linkExpired())
    },
  }
}

export function datasetNotFound(id: string): AssizeError {
  return new AssizeError('dataset_not_found', `There is no dataset ${id} in this workspace.`)
}

function linkExpired(): AssizeError {
  const minutes = linkLastsMs / 60_000
  return new AssizeError(
    'link_expired',
    `This link is not known, or older than ${minutes} minutes; expected a new one, which GET .../exports/to-jsonl gives.`,
  )
}

function refuse(error: AssizeError): never {
  throw error
}
