/** The sign of the product: scales on a seal. */
export function Logo({ size }: { readonly size: number }) {
  return <img src="/icon.svg" width={size} height={size} alt="" />
}
