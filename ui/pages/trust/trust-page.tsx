export function TrustPage() {
  return null
}
