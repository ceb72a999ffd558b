import type { TSchema } from 'typebox';
import type { Reason } from '../domain/base/reason.ts';
import type { SubjectKind } from '../domain/delivery/delivery.ts';
import type { DeliverySubject, Destination } from '../domain/delivery/destination.ts';
import type { DirectorySource } from '../domain/directory/directory-source.ts';
import type { Blobs } from '../domain/ports/blobs.ts';
import type { ConnectionHealth } from '../domain/ports/connection-state.ts';
import type { HookReceiver } from '../domain/ports/hooks.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Ledger } from './ledger.ts';

/** A kind of CRM core: a plain constant. `create` has no side effects: no socket, no timer, no file. */
export interface CoreDefinition<Config, Wanted extends SubjectKind = SubjectKind> {
  readonly kind: string;
  /** TypeBox schema of the core's settings, `kind` included; `Config` is what it validates to, defaults filled in. */
  readonly schema: TSchema;
  /** What it is owed. Nothing for a core that is no {@link Destination}. */
  readonly wants: readonly Wanted[];
  /** It can be named in `clients.sources`: it is a {@link DirectorySource}. */
  readonly directory?: true;
  create(config: Config, context: CoreContext): CrmCore<Wanted>;
}

/** One configured CRM core: as much of these small interfaces as it can. */
export type CrmCore<Wanted extends SubjectKind = SubjectKind> = Destination<Wanted> | DirectorySource | HookReceiver;

/** Whether a core takes what it is owed. */
export function isDestination(core: CrmCore): core is Destination {
  return 'deliver' in core;
}

/** Whether a core can be read as a directory of clients. */
export function isDirectorySource(core: CrmCore): core is DirectorySource {
  return 'readAll' in core && 'readChanges' in core && 'lookUp' in core;
}

/** What a CRM core gets to work with. */
export interface CoreContext {
  /** The core's name in the configuration. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the program stops. */
  readonly signal: AbortSignal;
  /** Keeps a place in the core's own record. Set it only after what lies before it is safe. */
  readonly cursor: {
    get(name: string): Promise<string | null>;
    set(name: string, value: string): Promise<void>;
  };
  readonly lease: CoreLease;
  /** How the core fares, as people see it. A core that never reports anything is not listed. */
  reportState(health: ConnectionHealth, reason: Reason | null): void;
  /** Where recordings and attachments are. */
  readonly blobs: Blobs;
  readonly vault: Vault;
  /** The remote steps that a subject needs, as they are written down. */
  ledger(subject: DeliverySubject): Ledger;
}

/** What only one instance of the program may do at a time for this core: renew a token, say. */
export interface CoreLease {
  /** Waits for the others that do this, then works. `signal` ends before another could begin. Rejects as the work does, or when the program stops. */
  hold<Result>(purpose: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
}

/** Secrets that a core is given while it runs, like tokens: encrypted in the store, nobody else's to read. */
export interface Vault {
  /** Null where there is none, or it can't be read because the key was lost: then it has to be asked for anew. */
  get(name: string): Promise<string | null>;
  /** Resolves when it is durable. */
  put(name: string, secret: string): Promise<void>;
  remove(name: string): Promise<void>;
}
