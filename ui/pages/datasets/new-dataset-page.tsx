export function NewDatasetPage() {
  return null
}
