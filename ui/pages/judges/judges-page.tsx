export function JudgesPage() {
  return null
}
