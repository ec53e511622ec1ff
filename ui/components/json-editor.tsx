import { json, jsonParseLinter } from '@codemirror/lang-json'
import { linter, lintGutter } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { Box, Input, useComputedColorScheme } from '@mantine/core'
import { minimalSetup } from 'codemirror'
import { useEffect, useId, useRef } from 'react'
import { codeLook } from './code-look.ts'

interface JsonEditorProps {
  readonly label: string
  /** What it begins with. */
  readonly start: string
  readonly onChange: (text: string) => void
}

const height = EditorView.theme({ '.cm-scroller': { maxHeight: '45vh' } })

/** An editor of JSON that marks where it breaks its rules. */
export function JsonEditor({ label, start, onChange }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const changed = useRef(onChange)
  changed.current = onChange
  const labelId = useId()
  const isDark = useComputedColorScheme('light') === 'dark'
  // biome-ignore lint/correctness/useExhaustiveDependencies: the label never changes
  useEffect(() => {
    if (place.current === null) return
    const view = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: start,
        extensions: [
          minimalSetup,
          json(),
          linter(jsonParseLinter()),
          lintGutter(),
          codeLook,
          height,
          EditorView.darkTheme.of(isDark),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-labelledby': labelId }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    return () => view.destroy()
  }, [start, isDark])
  return (
    <Box>
      <Input.Label id={labelId} labelElement="div">
        {label}
      </Input.Label>
      <Box
        ref={place}
        style={{ border: '1px solid var(--assize-line)', borderRadius: 8, overflow: 'hidden' }}
      />
    </Box>
  )
}
