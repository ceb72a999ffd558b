import { dirname, join } from 'node:path';
import { Cores } from '../crm/cores.ts';
import type { CoreKinds } from '../crm/registry.ts';
import { vaultKey } from '../crm/vault-key.ts';
import type { RedisQueues } from '../delivery/redis/queues.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import { isPostgres } from '../domain/ports/store.ts';
import { SourceReader } from '../matching/sources/source-reader.ts';
import type { ReleaseStack } from '../runtime/release-stack.ts';
import { sqlitePath } from '../store/open.ts';
import type { Foundation } from './core.ts';

/** Builds the configured CRM cores. If a setting is wrong, it throws an error that an administrator can understand. */
export function openCores(
  { store, config, core, stopping }: Foundation,
  blobs: Blobs,
  kinds: CoreKinds,
  queues: RedisQueues | null,
): Cores {
  const { destinations, connectors, http, store: kept } = config.now;
  return new Cores({
    ...core('crm'),
    settings: destinations,
    leases: store.leases,
    blobs,
    vaultKey: vaultKey(keyFile(kept.url), process.env),
    signal: stopping,
    staff: () => config.staff,
    ...(queues !== null && { bucket: queues.bucket.bind(queues) }),
    publicUrl: http.publicUrl,
    kinds,
    connections: Object.keys(connectors),
  });
}

/** Starts reading the CRM cores configured as directories, and looks up unknown parties in them. */
export async function startSources(
  { store, intake, config, core }: Foundation,
  cores: Cores,
  releases: ReleaseStack,
): Promise<void> {
  const { clients, company } = config.now;
  const readers = clients.sources.map(
    (source) =>
      new SourceReader({
        ...core('directory'),
        source,
        directory: cores.source(source),
        leases: store.leases,
        country: company.region,
        report: (health, reason) => cores.report(source, health, reason),
        progress: (progress) => cores.reading(source, progress),
      }),
  );
  for (const reader of readers) {
    await releases.start('a directory source', reader);
    intake.changes.on('change', ({ interaction }) => reader.notice(interaction));
  }
}

/** Path of the key that encrypts the CRM cores' tokens: next to an SQLite store; null for PostgreSQL. */
export function keyFile(url: string): string | null {
  return isPostgres(url) ? null : join(dirname(sqlitePath(url)), 'vault.key');
}
