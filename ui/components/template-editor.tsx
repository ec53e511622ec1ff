import { autocompletion } from '@codemirror/autocomplete'
import { jinja } from '@codemirror/lang-jinja'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, placeholder } from '@codemirror/view'
import { Box, Input, Text, useComputedColorScheme } from '@mantine/core'
import { minimalSetup } from 'codemirror'
import { useEffect, useId, useRef } from 'react'
import { codeLook } from './code-look.ts'

/** What is wrong with a line of the template, from 1. */
export interface LineNote {
  readonly line: number
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
}

interface TemplateEditorProps {
  readonly label: string
  readonly description?: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly notes: readonly LineNote[]
}

const variables = [
  ['conversation_history', 'what was said before the last message of the user'],
  ['user_message', 'the last message of the user'],
  ['assistant_message', 'the response that is judged, with its tool calls'],
  ['system_prompt', 'the system messages'],
  ['available_tools', 'the property of that name'],
  ['answer_type_definition', 'what the judge can answer, made from the output'],
  ['properties', 'what is known beside the messages: properties.NAME'],
].map(([label = '', detail = '']) => ({ label, detail, type: 'variable' }))

const height = EditorView.theme({ '.cm-scroller': { minHeight: '260px', maxHeight: '60vh' } })

/** An editor of Jinja2 instructions: knows the variables, and shows what is wrong at its line. */
export function TemplateEditor({ label, description, value, onChange, notes }: TemplateEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const changed = useRef(onChange)
  changed.current = onChange
  const labelId = useId()
  const isDark = useComputedColorScheme('light') === 'dark'
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once, and told of changes below
  useEffect(() => {
    if (place.current === null) return
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          minimalSetup,
          jinja({ variables }),
          autocompletion({ icons: false }),
          codeLook,
          height,
          lintGutter(),
          darkness.of(EditorView.darkTheme.of(isDark)),
          EditorView.lineWrapping,
          placeholder('What should the judge look at, and when does which answer apply?'),
          EditorView.contentAttributes.of({ 'aria-labelledby': labelId, 'aria-multiline': 'true' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [])
  useEffect(() => {
    const { state } = view.current ?? {}
    if (state !== undefined && state.doc.toString() !== value)
      view.current?.dispatch({ changes: { from: 0, to: state.doc.length, insert: value } })
  }, [value])
  useEffect(() => {
    view.current?.dispatch({ effects: darkness.reconfigure(EditorView.darkTheme.of(isDark)) })
  }, [isDark])
  useEffect(() => {
    const { state } = view.current ?? {}
    if (state !== undefined)
      view.current?.dispatch(
        setDiagnostics(
          state,
          notes.map((note) => toDiagnostic(note, state)),
        ),
      )
  }, [notes])
  return (
    <Box>
      <Input.Label id={labelId} labelElement="div">
        {label}
      </Input.Label>
      {description !== undefined && (
        <Text size="xs" c="dimmed" mb={4}>
          {description}
        </Text>
      )}
      <Box ref={place} style={{ border: '1px solid var(--assize-line)', borderRadius: 8 }} />
    </Box>
  )
}

const darkness = new Compartment()

function toDiagnostic({ line, severity, message }: LineNote, { doc }: EditorState): Diagnostic {
  const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines))
  return { from, to, severity, message }
}
