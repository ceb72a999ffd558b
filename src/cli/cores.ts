import { keyFile } from '../app/cores.ts';
import type { Config } from '../config/config.ts';
import { Cores } from '../crm/cores.ts';
import { coreKind, coreKinds, keepsSecrets } from '../crm/registry.ts';
import { vaultKey } from '../crm/vault-key.ts';
import type { Store } from '../domain/ports/store.ts';
import { missRulesOf } from '../domain/routing/miss-rules.ts';
import { systemClock } from '../runtime/clock.ts';
import { LeakyBucket, partOf } from '../runtime/leaky-bucket.ts';
import { silentLogger } from '../runtime/log.ts';
import { openBlobs } from '../store/blobs/open.ts';
import { withStore } from './context.ts';

/**
 * Says why a CRM core can't keep its secrets; null if it can or has none. It needs neither the store nor the CRM, so that this
 * is said before they are tried.
 */
export function vaultTrouble({ destinations, store }: Config, name: string): string | null {
  const settings = destinations[name];
  const file = keyFile(store.url);
  // With SQLite the key is made when it is first needed.
  if (settings === undefined || file !== null) return null;
  if (!keepsSecrets(coreKind(coreKinds, name, settings), settings)) return null;
  try {
    vaultKey(file, process.env)();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'the key of the vault can not be used';
  }
}

/**
 * Opens the configured CRM cores and the store, runs `use`, and closes the store. Works while a server is running, too.
 * A server knows nothing of our requests: a command that makes many takes a `part` of a CRM's limit, such as a quarter.
 */
export async function withCores<T>(
  config: Config,
  use: (cores: Cores, store: Store) => Promise<T>,
  { part = 1 }: { readonly part?: number } = {},
): Promise<T> {
  const { destinations, managers, lines, routing, http, connectors } = config;
  const blobs = await openBlobs(config.blobs.url);
  const staff = { managers, lines, misses: missRulesOf(routing) };
  return withStore(config, (store) => {
    const cores = new Cores({
      settings: destinations,
      read: store.read,
      leases: store.leases,
      apply: (writes) => store.apply(writes),
      blobs,
      vaultKey: vaultKey(keyFile(config.store.url), process.env),
      clock: systemClock,
      log: silentLogger,
      signal: new AbortController().signal,
      staff: () => staff,
      publicUrl: http.publicUrl,
      connections: Object.keys(connectors),
      bucket: (_core, limit, instances) => new LeakyBucket(partOf(limit, instances / part)),
    });
    return use(cores, store);
  });
}
