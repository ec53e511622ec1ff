export function RevisionsPage() {
  return null
}
