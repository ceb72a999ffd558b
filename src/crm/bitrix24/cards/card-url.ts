import type { Bitrix24Config } from '../schema.ts';
import type { Card } from './card.ts';

/** The page of a card in the portal; null if its address is unknown. */
export function cardUrl({ webhook, app }: Bitrix24Config, { kind, id }: Card): string | null {
  const root = webhook ?? app?.portal;
  // Only the origin: the rest of a webhook's address is a secret.
  return root !== undefined && URL.canParse(root) ? `${new URL(root).origin}/crm/${kind}/details/${id}/` : null;
}
