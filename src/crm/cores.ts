import type { Reason } from '../domain/base/reason.ts';
import type { SubjectKind } from '../domain/delivery/delivery.ts';
import { cursorsOf, subjectId, type WantingDestination } from '../domain/delivery/destination.ts';
import type { DirectorySource } from '../domain/directory/directory-source.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import {
  type ConnectionHealth,
  type ConnectionState,
  reasonOfState,
  sinceWhen,
} from '../domain/ports/connection-state.ts';
import { type HookReceiver, isHookReceiver } from '../domain/ports/hooks.ts';
import type { Leases, Store } from '../domain/ports/store.ts';
import type { Write, WriteResult } from '../domain/ports/writes.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { type CoreContext, type CrmCore, isDestination, isDirectorySource } from './contract.ts';
import { coreLease } from './lease.ts';
import { openLedger } from './ledger.ts';
import { type CoreKinds, coreKind, coreKinds, createCore, type RegisteredCore } from './registry.ts';
import { openVault } from './vault.ts';

/** What the cores work with. */
export interface CoresParts {
  /** The configuration's `destinations`. */
  readonly settings: Readonly<Record<string, { readonly kind: string }>>;
  readonly read: Pick<Store['read'], 'cursor' | 'ledger' | 'sealed'>;
  readonly leases: Leases;
  /** The intake's `apply`. */
  readonly apply: (writes: readonly Write[]) => Promise<readonly WriteResult[]>;
  readonly blobs: Blobs;
  /** The key of the vault; throws in words for an administrator where there is none. */
  readonly vaultKey: () => Buffer;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the program stops. */
  readonly signal: AbortSignal;
  /** Every kind there is; the registry's by default. */
  readonly kinds?: CoreKinds;
  /** Names of connections: webhooks under these are theirs. None by default. */
  readonly connections?: readonly string[];
}

/** A configured core. */
interface Configured {
  readonly kind: RegisteredCore;
  readonly core: CrmCore;
}

/** The configured CRM cores: who is owed what, who is read, who takes webhooks, and how they fare. */
export class Cores {
  readonly #parts: CoresParts;
  readonly #cores: ReadonlyMap<string, Configured>;
  readonly #states = new Map<string, ConnectionState>();

  /** Builds them all. Throws in words for an administrator when a setting is wrong. */
  constructor(parts: CoresParts) {
    this.#parts = parts;
    const { settings, kinds = coreKinds, connections = [] } = parts;
    this.#cores = new Map(
      Object.entries(settings).map(([name, own]) => {
        const kind = coreKind(kinds, name, own);
        const core = createCore(kind, own, this.#context(name));
        if (isHookReceiver(core) && connections.includes(name))
          throw new Error(
            `destinations.${name}: a connection has this name, and webhooks at /hooks/${name} are its own`,
          );
        return [name, { kind, core }];
      }),
    );
  }

  /** The kinds of subjects that each core wants. */
  get wants(): Readonly<Record<string, readonly SubjectKind[]>> {
    return Object.fromEntries([...this.#cores].map(([name, { kind }]) => [name, kind.wants]));
  }

  /** The cores that take what they are owed. */
  get destinations(): readonly WantingDestination[] {
    return [...this.#cores].flatMap(([name, { kind, core }]) =>
      isDestination(core) ? [{ name, destination: core, wants: kind.wants }] : [],
    );
  }

  /** A core that is read as a directory. Throws in words for an administrator where it can't be. */
  source(name: string): DirectorySource {
    const core = this.#cores.get(name)?.core;
    if (core === undefined || !isDirectorySource(core))
      throw new Error(`clients.sources: ${name} is no destination that clients can be read from`);
    return core;
  }

  /** Who takes a core's webhooks, or null. */
  hookReceiver(name: string): HookReceiver | null {
    const core = this.#cores.get(name)?.core;
    return core !== undefined && isHookReceiver(core) ? core : null;
  }

  /** How the cores fare that have reported it. */
  get states(): readonly ConnectionState[] {
    return [...this.#states.values()];
  }

  /** Keeps how a core fares. */
  report(name: string, health: ConnectionHealth, reason: Reason | null): void {
    const { settings, clock, log } = this.#parts;
    const before = this.#states.get(name);
    const told = reasonOfState(reason);
    if (before?.health === health && before.reason === told.reason) return;
    const kind = settings[name]?.kind ?? '';
    this.#states.set(name, { connection: name, kind, health, ...told, since: sinceWhen(before, health, clock.now()) });
    log.info({ core: name, health, reason: told.reason }, 'a CRM core changed its state');
  }

  #context(name: string): CoreContext {
    const { read, leases, apply, blobs, vaultKey, clock, signal } = this.#parts;
    const log = this.#parts.log.child({ core: name });
    return {
      name,
      clock,
      log,
      signal,
      blobs,
      cursor: coreCursor(name, { read, apply }),
      lease: coreLease(name, { leases, log, signal }),
      vault: openVault(name, { read, apply, key: vaultKey, log }),
      reportState: (health, reason) => this.report(name, health, reason),
      ledger: (subject) => {
        const of = { destination: name, kind: subject.kind, subject: subjectId(subject) };
        return openLedger(of, { read, apply, clock });
      },
    };
  }
}

/** A core's places in its record. */
function coreCursor(core: string, { read, apply }: Pick<CoresParts, 'read' | 'apply'>): CoreContext['cursor'] {
  const connection = cursorsOf(core);
  return {
    get: (name) => read.cursor(connection, name),
    set: async (name, value) => {
      const [result] = await apply([{ op: 'cursor', connection, name, value }]);
      if (result?.ok !== true) throw new Error(`a place could not be kept: ${result?.code ?? 'no answer'}`);
    },
  };
}
