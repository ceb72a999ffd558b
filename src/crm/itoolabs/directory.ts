import { randomUUID } from 'node:crypto';
import type { DirectorySource, KnownClient, SourceClient } from '../../domain/directory/directory-source.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { fields, parseJson, text, word } from '../../runtime/http/fields.ts';
import { ServiceError } from '../../runtime/http/service-error.ts';
import type { CoreContext } from '../contract.ts';
import type { Accounts } from './accounts.ts';
import type { TelephonyService } from './api.ts';
import type { ItoolabsConfig } from './schema.ts';

/** How often a client is asked about again, and how many are in one round. */
const refreshEvery = 3600_000;
const perRound = 20;
/** Empty answers in a row after which a client is gone. One may be an accident. */
const emptyAnswers = 3;
/** Clients whose last question is remembered. */
const maxRemembered = 20_000;

interface DirectoryParts {
  readonly config: Pick<ItoolabsConfig, 'lookup'>;
  readonly context: Pick<CoreContext, 'name' | 'clock'>;
  readonly service: TelephonyService;
  readonly accounts: Accounts;
}

/**
 * The CRM as a directory that can't be listed: `contact` only tells whose a number is. So each number is a client of its
 * own, learnt when it calls for the first time and asked about again from time to time.
 */
export function openDirectory({ config, context, service, accounts }: DirectoryParts): Required<DirectorySource> {
  const asked = new Map<string, { at: number; empty: number }>();

  async function ask(digits: string, signal: AbortSignal): Promise<SourceClient | null> {
    // The protocol wants the id of a call, which the directory does not know.
    const question = { phone: digits, callid: randomUUID() };
    const body = await service.send('contact', question, { signal, timeout: config.lookup });
    if (body.trim() === '') return null;
    const value = parseJson(body);
    if (typeof value !== 'object' || value === null)
      throw new ServiceError('later', reason('answerUnreadable', { service: context.name }));
    const answer = fields(value);
    const name = word(answer.contact_name, 300);
    if (name === null) return null;
    const responsible = text(answer.responsible);
    return {
      id: digits,
      name,
      kind: 'person',
      responsible: responsible === null ? null : (accounts.find(responsible)?.id ?? null),
      segment: null,
      url: null,
      identifiers: [{ kind: 'phone', value: `+${digits}` }],
      contacts: [],
      deals: [],
      fields: [],
    };
  }

  /** Those that were not asked about for longest. */
  function due(known: readonly KnownClient[], now: number): readonly string[] {
    return known
      .map(({ id }) => ({ id, at: asked.get(id)?.at ?? 0 }))
      .filter(({ at }) => now - at >= refreshEvery)
      .toSorted((a, b) => a.at - b.at)
      .slice(0, perRound)
      .map(({ id }) => id);
  }

  function remember(id: string, empty: number): void {
    const [oldest] = asked.keys();
    if (asked.size >= maxRemembered && oldest !== undefined) asked.delete(oldest);
    asked.set(id, { at: context.clock.now(), empty });
  }

  return {
    async *readAll() {
      yield { clients: [], removed: [], cursor: 'contact' };
    },
    async *readChanges() {
      // Nothing can be listed; `check` asks about each number.
    },
    async lookUp({ kind, value }, signal) {
      if (kind !== 'phone') return [];
      const found = await ask(value.replace(/\D/g, ''), signal);
      if (found !== null) remember(found.id, 0);
      return found === null ? [] : [found];
    },
    async check(known, signal) {
      const clients: SourceClient[] = [];
      const removed: string[] = [];
      for (const id of due(known, context.clock.now())) {
        const found = await ask(id, signal);
        const empty = found === null ? (asked.get(id)?.empty ?? 0) + 1 : 0;
        remember(id, empty);
        if (found !== null) clients.push(found);
        else if (empty >= emptyAnswers) removed.push(id);
      }
      return { clients, removed };
    },
  };
}
