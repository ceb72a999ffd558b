import type { Client } from '../../domain/directory/client.ts';
import type { Write, WriteResult } from '../../domain/ports/writes.ts';

/**
 * Stores clients in one write. If the store refuses it, each client is written separately, so that one bad row
 * affects no other. Returns the refused clients.
 */
export async function keepClients(
  clients: readonly Client[],
  apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>,
  at: number,
): Promise<ReadonlySet<Client>> {
  const [together] = await apply([{ op: 'put-clients', clients, at }]);
  if (together?.ok !== false) return new Set();
  const results = await apply(clients.map((client) => ({ op: 'put-clients', clients: [client], at })));
  return new Set(clients.filter((_, i) => results[i]?.ok !== true));
}
