import { isId } from '../judges/id.ts'

const maxLength = 80

/**
 * A name for URLs: the name's letters from a to z and its digits, in lower case, and a hyphen between them. Never the
 * form of an id.
 * @example slugOf('Café questions, 2026') // 'cafe-questions-2026'
 */
export function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  const slug = (words ?? []).join('-').slice(0, maxLength).replace(/-$/, '')
  return slug === '' || isId(slug) ? `dataset${slug && `-${slug}`}` : slug
}

/** The slug that a dataset takes where another one has the one of its name. */
export function distinctSlugOf(name: string, id: string): string {
  // The end of an id is its chance; the beginning is the time.
  return `${slugOf(name)}-${id.slice(-8)}`
}
