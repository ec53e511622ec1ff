import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

/** The blue of a seal. Shade 7 on white and shade 3 on the dark ground both pass WCAG AA for text. */
const seal: MantineColorsTuple = [
  '#eeeffc',
  '#dadbf3',
  '#b3b5e6',
  '#9b9ee4',
  '#6a6ecf',
  '#5357c4',
  '#474bbb',
  '#3b3a9f',
  '#31318a',
  '#262675',
]

/** Mantine writes on its light grounds in their own color, which has too little contrast for WCAG AA. */
const readable: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  return input.variant === 'light' ? { ...colors, color: 'var(--mantine-color-text)' } : colors
}

export const theme = createTheme({
  colors: { seal },
  primaryColor: 'seal',
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  // Where black and white have the same contrast.
  luminanceThreshold: 0.179,
  variantColorResolver: readable,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  focusRing: 'auto',
  components: {
    // What scrolls has to be reached by keys.
    TableScrollContainer: { defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } },
  },
})

/** Mantine's faint texts have too little contrast for WCAG AA. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#545c66',
    '--mantine-color-placeholder': '#68707a',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': 'var(--mantine-color-seal-7)',
    '--assize-ground': '#f7f7fb',
    '--assize-surface': '#ffffff',
    '--assize-line': '#dfe1e8',
    '--assize-code-string': '#0b6e4f',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b0ba',
    '--mantine-color-placeholder': '#8f97a3',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': 'var(--mantine-color-seal-3)',
    '--mantine-color-body': '#1f2027',
    '--assize-ground': '#16171c',
    '--assize-surface': '#1f2027',
    '--assize-line': '#383a45',
    '--assize-code-string': '#63e6be',
  },
})
