import { Kbd, Modal, Table, Text } from '@mantine/core'
import { useDisclosure, useHotkeys, useWindowEvent } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { sections } from './sections.ts'

const secondKeyWithinMs = 1_200

/** Keys that work on every page; `?` shows them. */
export function Shortcuts() {
  const [isOpen, { open, close }] = useDisclosure(false)
  useHotkeys([['shift+?', open]])
  useSectionKeys()
  return (
    <Modal opened={isOpen} onClose={close} title="Keyboard" size="sm">
      <Table>
        <Table.Tbody>
          <Row keys={['Ctrl', 'K']} what="Search and commands" />
          <Row keys={['/']} what="Search and commands" />
          {sections.map(({ key, label }) => (
            <Row key={key} keys={['g', key]} what={`Go to ${label}`} />
          ))}
          <Row keys={['?']} what="This list" />
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt="sm">
        In the labelling queue, the number of an option labels with it.
      </Text>
    </Modal>
  )
}

function Row({ keys, what }: { readonly keys: readonly string[]; readonly what: string }) {
  return (
    <Table.Tr>
      <Table.Td w={120}>
        {keys.map((key) => (
          <Kbd key={key} mr={4}>
            {key}
          </Kbd>
        ))}
      </Table.Td>
      <Table.Td>{what}</Table.Td>
    </Table.Tr>
  )
}

/** `g`, then the letter of a part. */
function useSectionKeys(): void {
  const navigate = useNavigate()
  const begunAtMs = useRef(Number.NEGATIVE_INFINITY)
  useWindowEvent('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const section = sections.find(({ key }) => key === event.key)
    if (section !== undefined && event.timeStamp - begunAtMs.current < secondKeyWithinMs) {
      begunAtMs.current = Number.NEGATIVE_INFINITY
      event.preventDefault()
      void navigate({ to: section.to })
    } else if (event.key === 'g') begunAtMs.current = event.timeStamp
  })
}

/** Whether what is typed there is text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}
