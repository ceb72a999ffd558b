import { type Static, Type } from 'typebox';
import type { CoreContext, CoreDefinition } from '../../src/crm/contract.ts';
import type { CoreKinds } from '../../src/crm/registry.ts';
import { deliverySettings } from '../../src/crm/shared/settings.ts';
import type { AttemptResult, DeliverySubject, Destination } from '../../src/domain/delivery/destination.ts';
import type { DirectoryPage, DirectorySource, SourceClient } from '../../src/domain/directory/directory-source.ts';
import type { Identifier } from '../../src/domain/interaction/interaction.ts';
import type { HookAnswer, HookReceiver, HookRequest } from '../../src/domain/ports/hooks.ts';

const CountingSchema = Type.Object(
  { kind: Type.Literal('counting'), ...deliverySettings({ internal: true }) },
  { additionalProperties: false },
);

/** A minimal core that only counts. It implements everything a kind of CRM can. */
export class CountingCore implements Destination, DirectorySource, HookReceiver {
  readonly context: CoreContext;
  readonly delivered: DeliverySubject[] = [];
  readonly hooks: HookRequest[] = [];
  readonly lookedUp: Identifier[] = [];
  fullReadings = 0;
  /** What a full read returns, and the changes reported afterwards. */
  clients: SourceClient[] = [];
  readonly changes: DirectoryPage[] = [];
  /** The outcome of each delivery. */
  answer: (subject: DeliverySubject) => Promise<AttemptResult> = async () => ({ kind: 'done', link: null });

  constructor(context: CoreContext) {
    this.context = context;
  }

  deliver(subject: DeliverySubject): Promise<AttemptResult> {
    this.delivered.push(subject);
    return this.answer(subject);
  }

  async *readAll(_signal?: AbortSignal, _from?: string | null): AsyncIterable<DirectoryPage> {
    this.fullReadings += 1;
    for (const client of this.clients) yield { clients: [client], removed: [], cursor: null };
    yield { clients: [], removed: [], cursor: '0' };
  }

  async *readChanges(cursor: string): AsyncIterable<DirectoryPage> {
    for (const page of this.changes.slice(Number(cursor))) yield page;
  }

  async lookUp(identifier: Identifier): Promise<readonly SourceClient[]> {
    this.lookedUp.push(identifier);
    return this.clients.filter(({ identifiers }) => identifiers.some(({ value }) => value === identifier.value));
  }

  async receive(request: HookRequest): Promise<HookAnswer> {
    this.hooks.push(request);
    return { status: 200, body: String(this.hooks.length) };
  }
}

/** The kind as the registry lists it; `made` is called with each core. */
export function countingKinds(made: (core: CountingCore) => void, more: Partial<typeof counting> = {}): CoreKinds {
  const create: (typeof counting)['create'] = (_config, context) => {
    const core = new CountingCore(context);
    made(core);
    return core;
  };
  return { counting: { ...counting, ...more, create } };
}

const counting: CoreDefinition<Static<typeof CountingSchema>> = {
  kind: 'counting',
  schema: CountingSchema,
  wants: ['interaction', 'lead', 'task', 'client_erasure'],
  directory: true,
  create: (_config, context) => new CountingCore(context),
};
