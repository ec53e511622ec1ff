export const tabNames = ['keys', 'models', 'tools', 'usage', 'audit', 'workspace'] as const

export type TabName = (typeof tabNames)[number]
