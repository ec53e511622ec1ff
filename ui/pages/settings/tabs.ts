export const tabNames = ['keys', 'models', 'tools', 'usage', 'workspace'] as const

export type TabName = (typeof tabNames)[number]
