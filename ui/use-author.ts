import { useLocalStorage } from '@mantine/hooks'

/** Under which name this browser's person labels. */
export function useAuthor(): readonly [string, (name: string) => void] {
  const [author, setAuthor] = useLocalStorage({
    key: 'assize-author',
    defaultValue: '',
    getInitialValueInEffect: false,
  })
  return [author, setAuthor]
}
