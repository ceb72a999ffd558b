import { type EventKey, newInteractionId } from '../../domain/base/ids.ts';
import { callParty } from '../../domain/call/call-facts.ts';
import { endStands, recordingId } from '../../domain/call/reduce-call.ts';
import type { DirectoryReader } from '../../domain/directory/client.ts';
import { companyDomain, decideMatch, type MatchDecision, withDomain } from '../../domain/directory/match.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Identifier, Interaction, Party } from '../../domain/interaction/interaction.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { accountName } from '../shared/account-links.ts';
import {
  afterSnapshot,
  type CallSettings,
  identifiersOf,
  joined,
  mergedAway,
  type PendingRoute,
  pendingRouteLife,
  routed,
} from '../shared/calls.ts';
import { pooledNumber } from '../shared/number-holds.ts';
import { Sweeps } from '../shared/sweeps.ts';
import { unfinished } from '../shared/unfinished.ts';
import { linkOf } from './account-links.ts';
import type { Connection } from './connect.ts';
import { clientsOfDomain, directoryOf, keyOf } from './directory.ts';
import type { InteractionTable } from './interactions.ts';
import { LiveCalls } from './live-calls.ts';
import { marksAt } from './number-holds.ts';

/** Takes call snapshots in; the steps are those of SQLite's CallWriter, the questions are asked over a wire. */
export class CallWriter {
  readonly #db: Connection;
  readonly #table: InteractionTable;
  readonly #settings: CallSettings;
  readonly #sweeps = new Sweeps();
  readonly #live: LiveCalls;
  /** What the directory was asked beforehand, and of whom. */
  #foreseen: { readonly directory: DirectoryReader; readonly of: ReadonlySet<string> } | null = null;
  /** The calls that a decision waits for, as far as they were asked for beforehand. */
  #pending: { readonly waiting: Set<EventKey>; readonly of: ReadonlySet<EventKey> } | null = null;

  constructor(db: Connection, table: InteractionTable, settings: CallSettings) {
    this.#live = new LiveCalls(db);
    this.#db = db;
    this.#table = table;
    this.#settings = settings;
  }

  /** A transaction begins, or something of it was undone. */
  forget(): void {
    this.forgetDirectory();
    this.#live.forget();
    this.#pending = null;
  }

  /** The directory changes: it is asked anew. */
  forgetDirectory(): void {
    this.#foreseen = null;
  }

  /** Writes down what was left for the end. */
  finish(): Promise<void> {
    return this.#live.write();
  }

  /** Asks in a few trips all that the snapshots of many calls will ask. */
  async foresee(calls: readonly CallSnapshot[]): Promise<void> {
    const keys = calls.flatMap((call) => [call.key, ...call.aliases]);
    await this.#table.foresee(keys);
    const { rows } = await this.#db.query<{ call: EventKey }>({
      name: 'pending',
      text: 'SELECT call FROM pending_routes WHERE call = ANY ($1)',
      values: [keys],
    });
    this.#pending = { waiting: new Set(rows.map(({ call }) => call)), of: new Set(keys) };
    const outside = calls.filter(({ direction }) => direction !== 'internal');
    const identifiers = outside.flatMap((call) => identifiersOf(callParty(call, this.#settings.country)));
    const distinct = [...new Map(identifiers.map((one) => [keyOf(one), one])).values()];
    this.#foreseen = { directory: await this.#ask(distinct), of: new Set(distinct.map(keyOf)) };
  }

  /** Whom a party is, as the directory says now. */
  async match(party: Party): Promise<MatchDecision> {
    const own = identifiersOf(party);
    const linked = party.account === null ? null : await linkOf(this.#db, accountName(party.account));
    const identifiers = linked === null ? own : [...own, linked];
    const match = decideMatch(await this.#directoryOf(identifiers), identifiers);
    const domain = companyDomain(match, party, this.#settings.publicMail ?? []);
    return domain === null ? match : withDomain(match, domain, await clientsOfDomain(this.#db, domain));
  }

  async #directoryOf(identifiers: readonly Identifier[]): Promise<DirectoryReader> {
    const foreseen = this.#foreseen;
    if (foreseen !== null && identifiers.every((one) => foreseen.of.has(keyOf(one)))) return foreseen.directory;
    return this.#ask(identifiers);
  }

  #ask(identifiers: readonly Identifier[]): Promise<DirectoryReader> {
    return directoryOf(this.#db, identifiers, this.#settings.sources);
  }

  /** Applies one snapshot of a call. */
  async apply(call: CallSnapshot, staff: StaffIndex, now: number): Promise<readonly Change[]> {
    const keys = [call.key, ...call.aliases];
    const { known, removed } = await this.#known(keys);
    const [survivor] = known;
    if (survivor === undefined && removed) return [];
    if (survivor !== undefined && endStands(survivor, call)) {
      await this.#table.putKeys(keys, survivor.id);
      return [];
    }
    const party = callParty(call, this.#settings.country);
    const match = await this.match(call.direction === 'internal' ? { ...party, phone: null } : party);
    const id = survivor?.id ?? newInteractionId(now);
    // Whom a number was shown to is asked once, when the call begins: later it may be another visit's.
    const pooled = survivor === undefined ? pooledNumber(call, staff, this.#settings.country) : null;
    const visit = pooled === null ? null : await marksAt(this.#db, pooled, call.startedAt);
    const context = { publicUrl: this.#settings.publicUrl, id, party, match, staff, visit, now };
    const reduced = afterSnapshot(survivor ?? null, known.slice(1), call, context);
    const next = reduced === null || survivor !== undefined ? reduced : await this.#withPendingRoute(reduced, keys);
    await this.#table.putKeys(keys, id);
    const row = unfinished(call, survivor);
    if (row === 'keep') this.#live.keep(id, call);
    else if (row === 'drop') this.#live.drop(id);
    for (const recording of call.recordings) {
      await this.#db.query(
        `INSERT INTO recordings (id, interaction, path, mime) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET path = coalesce(excluded.path, recordings.path), mime = coalesce(excluded.mime, recordings.mime)`,
        [recordingId(id, recording.file), id, recording.path, recording.mime],
      );
    }
    const changes: Change[] = [];
    for (const other of known.slice(1)) changes.push(await this.#mergeInto(other, id, now));
    if (next !== null) {
      const what = call.basis === 'record' ? 'call record' : 'call';
      changes.push(await this.#table.save(survivor ?? null, next, now, 'auto', what));
    }
    return changes;
  }

  /** Keeps a routing decision with its call, or for it when it overtook the call's first event. */
  async route(call: EventKey, pending: PendingRoute, now: number): Promise<readonly Change[]> {
    if (this.#sweeps.due(now))
      await this.#db.query('DELETE FROM pending_routes WHERE at < $1', [now - pendingRouteLife]);
    const [interaction] = (await this.#known([call])).known;
    if (interaction === undefined) {
      const earlier = await this.#takePending(call);
      const route = earlier === null ? pending.route : joined(earlier.route, pending.route);
      await this.#db.query(
        `INSERT INTO pending_routes (call, at, body) VALUES ($1, $2, $3)
         ON CONFLICT (call) DO UPDATE SET at = excluded.at, body = excluded.body`,
        [call, now, JSON.stringify({ ...pending, route })],
      );
      this.#pending?.waiting.add(call);
      return [];
    }
    const next = { ...routed(interaction, pending), revision: interaction.revision + 1 };
    return [await this.#table.save(interaction, next, now, 'auto', 'route')];
  }

  /**
   * Every interaction that the keys belong to, the oldest first; where one was merged away, the one that took its place. `removed`:
   * one of the keys had an interaction that is not there any more.
   */
  async #known(keys: readonly EventKey[]): Promise<{ known: readonly Interaction[]; removed: boolean }> {
    const distinct = new Map<string, Interaction>();
    let removed = false;
    for (const id of await this.#table.ofKeys(keys)) {
      let interaction = await this.#table.get(id);
      while (interaction !== null && interaction.mergedInto !== null) {
        interaction = await this.#table.get(interaction.mergedInto);
      }
      if (interaction === null) removed = true;
      else distinct.set(interaction.id, interaction);
    }
    return { known: [...distinct.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), removed };
  }

  async #mergeInto(other: Interaction, survivor: Interaction['id'], now: number): Promise<Change> {
    this.#live.drop(other.id);
    return this.#table.save(other, mergedAway(other, survivor, now), now, 'auto', 'merge');
  }

  async #takePending(call: EventKey): Promise<PendingRoute | null> {
    if (this.#pending?.of.has(call) && !this.#pending.waiting.has(call)) return null;
    const { rows } = await this.#db.query<{ body: string }>({
      name: 'take-pending',
      text: 'DELETE FROM pending_routes WHERE call = $1 RETURNING body',
      values: [call],
    });
    return rows[0] === undefined ? null : (JSON.parse(rows[0].body) as PendingRoute);
  }

  async #withPendingRoute(interaction: Interaction, keys: readonly EventKey[]): Promise<Interaction> {
    for (const key of keys) {
      const pending = await this.#takePending(key);
      if (pending !== null) return routed(interaction, pending);
    }
    return interaction;
  }
}
