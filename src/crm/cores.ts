import { entryOf } from '../domain/base/entry-of.ts';
import type { Reason } from '../domain/base/reason.ts';
import type { SubjectKind } from '../domain/delivery/delivery.ts';
import { cursorsOf, subjectId, type WantingDestination } from '../domain/delivery/destination.ts';
import type { DirectorySource, ReadingProgress } from '../domain/directory/directory-source.ts';
import type { Staff } from '../domain/directory/manager.ts';
import type { Interaction, Named } from '../domain/interaction/interaction.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import {
  type ConnectionHealth,
  type ConnectionState,
  reasonOfState,
  sinceWhen,
} from '../domain/ports/connection-state.ts';
import { type HookReceiver, isHookReceiver } from '../domain/ports/hooks.ts';
import type { Page } from '../domain/ports/queries.ts';
import type { Leases, Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import { reason } from '../domain/reasons/reasons.ts';
import type { Group } from '../domain/routing/routing.ts';
import type { WrittenContact } from '../domain/written/written-contact.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Bucket, BucketLimit } from '../runtime/leaky-bucket.ts';
import type { Logger } from '../runtime/log.ts';
import { openSound } from '../runtime/recording-sound.ts';
import {
  type Connectable,
  type CoreContext,
  type CrmCore,
  type HistoryQuery,
  isComparable,
  isConnectable,
  isDestination,
  isDirectorySource,
  isPolled,
  type Polled,
} from './contract.ts';
import { KeptBuckets } from './kept-buckets.ts';
import { knownClients } from './known-clients.ts';
import { coreLease } from './lease.ts';
import { openLedger, type Unrecorded } from './ledger.ts';
import { type CoreKinds, coreKind, coreKinds, createCore, type RegisteredCore } from './registry.ts';
import { coreRequests, type RequestParts } from './requests.ts';
import type { Comparable } from './shared/compare/comparable.ts';
import { openVault } from './vault.ts';

/** Dependencies of the cores. */
export interface CoresParts extends RequestParts {
  /** The configuration's `destinations`. */
  readonly settings: Readonly<Record<string, { readonly kind: string }>>;
  readonly read: Pick<
    Store['read'],
    'attachment' | 'client' | 'clientsWith' | 'cursor' | 'ledger' | 'recording' | 'sealed' | 'transcript'
  >;
  readonly leases: Leases;
  /** The intake's `apply`. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly blobs: Blobs;
  /** Returns the key of the vault, or throws an error for the administrator. */
  readonly vaultKey: () => Buffer;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the program stops. */
  readonly signal: AbortSignal;
  /** All available kinds; the registry's by default. */
  readonly kinds?: CoreKinds;
  /** The current managers and lines; none by default. */
  readonly staff?: () => Staff;
  /** The groups of routing; none by default. */
  readonly groups?: () => Readonly<Record<string, Group>>;
  /** Rings a manager for a form that asks for a call; by default nobody can be reached. */
  readonly callBack?: (form: Interaction) => Promise<Named | null>;
  /** Reads contacts for pages that the other side shows; by default there are none. */
  readonly history?: (query: HistoryQuery) => Promise<Page<Interaction>>;
  /** The company's time zone; UTC by default. */
  readonly timezone?: string;
  /** Opens a core's bucket; by default each process has its own. */
  readonly bucket?: (core: string, limit: BucketLimit, instances: number) => Bucket;
  /** Public address of the program, without a slash at the end; a local one by default. */
  readonly publicUrl?: string;
  /** Names of connections, which receive the webhooks under these names. None by default. */
  readonly connections?: readonly string[];
}

/** A configured core. */
interface Configured {
  readonly kind: RegisteredCore;
  readonly core: CrmCore;
}

/**
 * The configured CRM cores: what is delivered to them, which are directory sources, which receive webhooks, and their
 * states.
 */
export class Cores {
  readonly #parts: CoresParts;
  readonly #cores: ReadonlyMap<string, Configured>;
  readonly #buckets: KeptBuckets;
  readonly #states = new Map<string, ConnectionState>();
  readonly #readings = new Map<string, ReadingProgress>();

  /** Creates all cores. Throws an error for the administrator if a setting is invalid. */
  constructor(parts: CoresParts) {
    this.#parts = parts;
    this.#buckets = new KeptBuckets(parts);
    const { settings, kinds = coreKinds, connections = [] } = parts;
    this.#cores = new Map(
      Object.entries(settings).map(([name, own]) => {
        const kind = coreKind(kinds, name, own);
        const core = createCore(kind, own, this.#context(name));
        if (isHookReceiver(core) && connections.includes(name))
          throw new Error(
            `destinations.${name}: a connection has the same name and receives the webhooks at /hooks/${name}; rename one of them`,
          );
        return [name, { kind, core }];
      }),
    );
  }

  /** Takes up what an earlier run knew of the other sides' limits. Call it before the cores are used. */
  start(): Promise<void> {
    return this.#buckets.start();
  }

  /** Keeps this for the next run. Call it when the cores are no longer used. */
  stop(): Promise<void> {
    return this.#buckets.stop();
  }

  /** The kinds of subjects that each core wants. */
  get wants(): Readonly<Record<string, readonly SubjectKind[]>> {
    return Object.fromEntries([...this.#cores].map(([name, { kind }]) => [name, kind.wants]));
  }

  /** The cores that deliveries are made to. */
  get destinations(): readonly WantingDestination[] {
    return [...this.#cores].flatMap(([name, { kind, core }]) =>
      isDestination(core)
        ? [{ name, destination: core, wants: kind.wants, limitsRequests: kind.limitsRequests === true }]
        : [],
    );
  }

  /** A core that is read as a directory. Throws an error for the administrator if it is none. */
  source(name: string): DirectorySource {
    const core = this.#cores.get(name)?.core;
    if (core === undefined || !isDirectorySource(core))
      throw new Error(`clients.sources: expected a destination that clients can be read from, found ${name}`);
    return core;
  }

  /** The cores that have to be prepared on the other side. */
  get connectable(): readonly { readonly name: string; readonly core: Connectable }[] {
    return [...this.#cores].flatMap(([name, { core }]) => (isConnectable(core) ? [{ name, core }] : []));
  }

  /** A core whose contacts can be compared with ours, or null. */
  comparable(name: string): Comparable | null {
    const core = this.#cores.get(name)?.core;
    return core !== undefined && isComparable(core) ? core : null;
  }

  /** The cores that ask the other side what has begun there. */
  get polled(): readonly { readonly name: string; readonly core: Polled }[] {
    return [...this.#cores].flatMap(([name, { core }]) => (isPolled(core) ? [{ name, core }] : []));
  }

  /** The receiver of a core's webhooks, or null. */
  hookReceiver(name: string): HookReceiver | null {
    const core = this.#cores.get(name)?.core;
    return core !== undefined && isHookReceiver(core) ? core : null;
  }

  /** The states that cores have reported. */
  get states(): readonly ConnectionState[] {
    return [...this.#states.values()].map((state) => {
      const progress = this.#readings.get(state.connection);
      if (progress === undefined || state.stateReason !== null) return state;
      const { read, total } = progress;
      return { ...state, ...reasonOfState(reason('directoryReading', { read, total: total ?? '?' })) };
    });
  }

  /** Notes how far a full reading of a core's clients is; null once it has ended. Other troubles are shown first. */
  reading(name: string, progress: ReadingProgress | null): void {
    if (progress === null) this.#readings.delete(name);
    else this.#readings.set(name, progress);
  }

  /** Stores the state of a core. */
  report(name: string, health: ConnectionHealth, why: Reason | null): void {
    const { settings, clock, log } = this.#parts;
    const before = this.#states.get(name);
    const described = reasonOfState(why);
    if (before?.health === health && before.reason === described.reason) return;
    const kind = settings[name]?.kind ?? '';
    this.#states.set(name, {
      connection: name,
      kind,
      health,
      ...described,
      since: sinceWhen(before, health, clock.now()),
    });
    log.info({ core: name, health, reason: described.reason }, 'the state of a CRM core changed');
  }

  async #takeContact(event: WrittenContact): Promise<Interaction | null> {
    const [result] = await this.#parts.apply([{ op: 'contact', event }]);
    if (result?.ok !== true) throw new Error(`could not store a contact: ${result?.code ?? 'no answer'}`);
    return result.changes.find(({ interaction }) => interaction.channel === event.channel)?.interaction ?? null;
  }

  async #history(name: string, query: HistoryQuery): Promise<Page<Interaction>> {
    const page = (await this.#parts.history?.(query)) ?? { items: [], next: null };
    const { deal } = query;
    if (deal === undefined) return page;
    // Another core may have a deal with the same id.
    const isOwn = ({ client, links }: Interaction) =>
      client?.id.startsWith(`${name}:`) === true || entryOf(links, name)?.deal === deal;
    return { ...page, items: page.items.filter(isOwn) };
  }

  #context(name: string): CoreContext {
    const {
      read,
      leases,
      apply,
      blobs,
      vaultKey,
      clock,
      signal,
      staff,
      bucket,
      publicUrl = 'http://localhost',
    } = this.#parts;
    const log = this.#parts.log.child({ core: name });
    const unrecorded: Unrecorded = new Map();
    return {
      name,
      clock,
      log,
      signal,
      blobs,
      attachment: (id) => read.attachment(id),
      recording: async (id) => {
        const file = await read.recording(id);
        return file === null ? null : openSound(file, blobs);
      },
      transcript: (recording) => read.transcript(recording),
      cursor: coreCursor(name, { read, apply }),
      lease: coreLease(name, { leases, log, signal }),
      bucket: (limit, instances) => (bucket ?? this.#buckets.open.bind(this.#buckets))(name, limit, instances),
      known: knownClients(name, read),
      staff: staff ?? (() => nobody),
      groups: () => this.#parts.groups?.() ?? {},
      history: (query) => this.#history(name, query),
      timezone: this.#parts.timezone ?? 'UTC',
      takeContact: (contact) => this.#takeContact(contact),
      callBack: async (form) => ((await this.#parts.callBack?.(form)) ?? null) !== null,
      ...coreRequests(name, this.#parts),
      hookUrl: `${publicUrl}/api/v1/hooks/${name}`,
      vault: openVault(name, { read, apply, key: vaultKey, log }),
      reportState: (health, why) => this.report(name, health, why),
      ledger: (subject) => {
        const of = { destination: name, kind: subject.kind, subject: subjectId(subject) };
        return openLedger(of, { read, apply, clock, unrecorded });
      },
    };
  }
}

const nobody: Staff = { managers: [], lines: [] };

/** The cursors of a core. */
function coreCursor(core: string, { read, apply }: Pick<CoresParts, 'read' | 'apply'>): CoreContext['cursor'] {
  const connection = cursorsOf(core);
  return {
    get: (name) => read.cursor(connection, name),
    set: async (name, value) => {
      const [result] = await apply([{ op: 'cursor', connection, name, value }]);
      if (result?.ok !== true) throw new Error(`could not store a cursor: ${result?.code ?? 'no answer'}`);
    },
  };
}
