import { useDocumentTitle } from '@mantine/hooks'

/** What the browser's tab and history call this state of the page. */
export function useTitle(title: string): void {
  useDocumentTitle(`${title} · Assize`)
}
