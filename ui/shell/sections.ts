import {
  IconDatabase,
  IconGavel,
  IconHome,
  IconPlayerPlay,
  IconScale,
  IconSettings,
} from '@tabler/icons-react'

/** The page's parts, in the order of work; `key` follows `g` on the keyboard. */
export const sections = [
  { to: '/', label: 'Home', icon: IconHome, key: 'h' },
  { to: '/judges', label: 'Judges', icon: IconGavel, key: 'j' },
  { to: '/datasets', label: 'Datasets', icon: IconDatabase, key: 'd' },
  { to: '/runs', label: 'Runs', icon: IconPlayerPlay, key: 'r' },
  { to: '/trust', label: 'Trust', icon: IconScale, key: 't' },
  { to: '/settings', label: 'Settings', icon: IconSettings, key: 's' },
] as const
