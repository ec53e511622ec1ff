/** The exit code where a command only says what to run. */
export const saidOnly = 3

/** A line for a shell that backs up the database of a URL; it never holds the password. */
export function dumpLine(url: string, file: string): string {
  return `pg_dump --format=custom --no-owner --no-privileges --file=${quote(file)} ${quote(withoutPassword(url))}`
}

/** A line for a shell that restores such a backup into a database that is empty. */
export function restoreLine(url: string, file: string): string {
  return `pg_restore --no-owner --no-privileges --exit-on-error --single-transaction --dbname=${quote(withoutPassword(url))} ${quote(file)}`
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'postgres://USER@HOST/DATABASE'
  const parsed = new URL(url)
  parsed.password = ''
  parsed.searchParams.delete('password')
  return parsed.href
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
