import { dirname, join } from 'node:path';
import { Cores } from '../crm/cores.ts';
import { pollingOf } from '../crm/polling.ts';
import type { CoreKinds } from '../crm/registry.ts';
import { vaultKey } from '../crm/vault-key.ts';
import type { RedisQueues } from '../delivery/redis/queues.ts';
import { isOrdinaryNumber, parsePhone } from '../domain/directory/identifiers.ts';
import { countryOf } from '../domain/directory/number-region.ts';
import type { Interaction, Named } from '../domain/interaction/interaction.ts';
import type { MessageSending } from '../domain/outbound/message-request.ts';
import type { Sending } from '../domain/outbound/telephone.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import { isPostgres } from '../domain/ports/store.ts';
import { SourceReader } from '../matching/sources/source-reader.ts';
import { requestCall } from '../outbound/request-call.ts';
import { requestMessage } from '../outbound/request-message.ts';
import type { ReleaseStack } from '../runtime/release-stack.ts';
import { sqlitePath } from '../store/open.ts';
import type { Foundation } from './core.ts';

/** How CRM cores have calls made and messages sent. */
export interface CallingParts {
  /** Connections that can send letters, messages or calls. */
  readonly sending: () => readonly (Sending & MessageSending)[];
  /** Rings a manager for a form that asks for a call; null if nobody can be reached. */
  readonly callBack: (form: Interaction) => Promise<Named | null>;
}

/** Builds the configured CRM cores. If a setting is wrong, it throws an error that an administrator can understand. */
export function openCores(
  { store, config, core, stopping }: Foundation,
  blobs: Blobs,
  kinds: CoreKinds,
  queues: RedisQueues | null,
  { sending, callBack }: CallingParts,
): Cores {
  const { destinations, connectors, http, store: kept } = config.now;
  const parts = core('crm');
  const calling = { ...parts, sending, staff: () => config.staff, country: config.now.company.region };
  return new Cores({
    ...parts,
    settings: destinations,
    leases: store.leases,
    blobs,
    vaultKey: vaultKey(keyFile(kept.url), process.env),
    signal: stopping,
    staff: () => config.staff,
    groups: () => config.now.routing.groups,
    requestCall: (request, known) => requestCall(calling, request, known),
    requestMessage: (request, known) => requestMessage({ ...calling, read: store.read }, request, known),
    history: async ({ phone, ...query }) => {
      if (phone === undefined) return store.read.interactions(query);
      const parsed = parsePhone(phone, config.now.company.region).phone;
      return parsed === null ? { items: [], next: null } : store.read.interactions({ ...query, phone: parsed });
    },
    timezone: config.now.company.timezone,
    // A stranger's form must not make us call expensive numbers.
    callBack: async (form) =>
      isOrdinaryNumber(form.party.phone ?? '', [countryOf(config.now.company.region)]) ? callBack(form) : null,
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

/** Starts asking the CRM cores that can't reach us. */
export async function startPolling({ store, core }: Foundation, cores: Cores, releases: ReleaseStack): Promise<void> {
  for (const { name, core: polled } of cores.polled) {
    await releases.start(`events of ${name}`, pollingOf(name, polled, { ...core('events'), leases: store.leases }));
  }
}

/** Path of the key that encrypts the CRM cores' tokens: next to an SQLite store; null for PostgreSQL. */
export function keyFile(url: string): string | null {
  return isPostgres(url) ? null : join(dirname(sqlitePath(url)), 'vault.key');
}
