export const roles = ['viewer', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

export type Action = 'read' | 'write' | 'judge' | 'manage_keys'

const allowed: Readonly<Record<Role, readonly Action[]>> = {
  viewer: ['read'],
  editor: ['read', 'write', 'judge'],
  admin: ['read', 'write', 'judge', 'manage_keys'],
}

/** Whether a key with this role may do this. */
export function roleAllows(role: Role, action: Action): boolean {
  return allowed[role].includes(action)
}
