/** The address of a link as a user types it: with a scheme, or null if it can't be one. */
export function linkAddress(typed: string): string | null {
  const address = typed.trim();
  if (address === '' || /\s/.test(address)) return null;
  if (/^(https?:\/\/|mailto:|tel:)./i.test(address)) return address;
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(address)) return null;
  if (/^\+?\d[\d()-]{4,}$/.test(address)) return `tel:${address}`;
  return /^[^@/]+@[^@/]+$/.test(address) ? `mailto:${address}` : `https://${address}`;
}
