import { Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { PageHeader } from '../../components/page-header.tsx'
import { AuditTab } from './audit-tab.tsx'
import { KeysTab } from './keys-tab.tsx'
import { ModelsTab } from './models-tab.tsx'
import type { TabName } from './tabs.ts'
import { ToolsTab } from './tools-tab.tsx'
import { UsageTab } from './usage-tab.tsx'
import { WorkspaceTab } from './workspace-tab.tsx'

const route = getRouteApi('/shell/settings')

const tabs = [
  { name: 'keys', label: 'Keys', Content: KeysTab },
  { name: 'models', label: 'Models', Content: ModelsTab },
  { name: 'tools', label: 'Tools', Content: ToolsTab },
  { name: 'usage', label: 'Usage', Content: UsageTab },
  { name: 'audit', label: 'Audit', Content: AuditTab },
  { name: 'workspace', label: 'Workspace', Content: WorkspaceTab },
] as const

export function SettingsPage() {
  const { tab = 'keys' } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <>
      <PageHeader title="Settings" />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(name) => navigate({ search: { tab: name as TabName }, replace: true })}
      >
        <Tabs.List mb="md">
          {tabs.map(({ name, label }) => (
            <Tabs.Tab key={name} value={name}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, Content }) => (
          <Tabs.Panel key={name} value={name}>
            <Content />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}
