import type { Database, Statement } from 'better-sqlite3';
import { type EventKey, newInteractionId } from '../../domain/base/ids.ts';
import { callParty } from '../../domain/call/call-facts.ts';
import { joined, type PendingRoute, pendingRouteLife, routed } from '../../domain/call/call-route.ts';
import { afterSnapshot, mergedAway } from '../../domain/call/merge-calls.ts';
import { pooledNumber } from '../../domain/call/number-pool.ts';
import { endStands, recordingId } from '../../domain/call/reduce-call.ts';
import { unfinished } from '../../domain/call/unfinished.ts';
import { accountName } from '../../domain/directory/account-link.ts';
import type { DirectoryReader } from '../../domain/directory/client.ts';
import { companyDomain, decideMatch, type MatchDecision, withDomain } from '../../domain/directory/match.ts';
import { identifiersOf } from '../../domain/directory/party-identifiers.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import type { Interaction, Party } from '../../domain/interaction/interaction.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { Sweeps } from '../shared/sweeps.ts';
import { AccountLinkTable } from './account-links.ts';
import type { SqliteDirectory } from './directory.ts';
import type { InteractionTable, KeyRow } from './interactions.ts';
import { NumberHoldTable } from './number-holds.ts';

/** Takes call snapshots in: finds or makes their interaction, matches, merges, and keeps what a restarted tracker needs. */
export class CallWriter {
  readonly #table: InteractionTable;
  readonly #directory: SqliteDirectory;
  readonly #holds: NumberHoldTable;
  readonly #links: AccountLinkTable;
  readonly #settings: WriteSettings;
  readonly #putLive: Statement;
  readonly #dropLive: Statement;
  readonly #putRecording: Statement;
  readonly #pending: Statement<[string], { body: string }>;
  readonly #forget: Statement;
  readonly #putPending: Statement;
  readonly #dropPending: Statement;
  readonly #sweeps = new Sweeps();

  constructor(db: Database, table: InteractionTable, directory: SqliteDirectory, settings: WriteSettings) {
    this.#table = table;
    this.#directory = directory;
    this.#holds = new NumberHoldTable(db);
    this.#links = new AccountLinkTable(db);
    this.#settings = settings;
    this.#putLive = db.prepare(
      `INSERT INTO live_calls (interaction, connection, snapshot) VALUES (?, ?, ?)
        ON CONFLICT (interaction) DO UPDATE SET connection = excluded.connection, snapshot = excluded.snapshot`,
    );
    this.#dropLive = db.prepare('DELETE FROM live_calls WHERE interaction = ?');
    this.#putRecording = db.prepare(
      `INSERT INTO recordings (id, interaction, path, mime) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET path = coalesce(excluded.path, path), mime = coalesce(excluded.mime, mime)`,
    );
    this.#pending = db.prepare('SELECT body FROM pending_routes WHERE call = ?');
    this.#forget = db.prepare('DELETE FROM pending_routes WHERE call = ?');
    this.#putPending = db.prepare('INSERT OR REPLACE INTO pending_routes (call, at, body) VALUES (?, ?, ?)');
    this.#dropPending = db.prepare('DELETE FROM pending_routes WHERE at < ?');
  }

  /** The directory as it stands in the open transaction. */
  get directory(): DirectoryReader {
    return this.#directory;
  }

  /** Whom a party is, as the directory says now. */
  match(party: Party): MatchDecision {
    const identifiers = identifiersOf(party);
    const linked = party.account === null ? null : this.#links.of(accountName(party.account));
    const match = decideMatch(this.#directory, linked === null ? identifiers : [...identifiers, linked]);
    const domain = companyDomain(match, party, this.#settings.publicMail ?? []);
    return domain === null ? match : withDomain(match, domain, this.#directory.ofDomain(domain));
  }

  /** Applies one snapshot of a call. */
  apply(call: CallSnapshot, staff: StaffIndex, now: number): readonly Change[] {
    const names = [call.key, ...call.aliases];
    const keys = names.map((name) => this.#table.keyed(name));
    const known = this.#known(keys);
    const [survivor] = known;
    if (survivor === undefined && keys.some((key) => key.interaction !== null)) return [];
    if (survivor !== undefined && endStands(survivor, call)) {
      for (const key of keys) this.#table.putKey(key, survivor.id);
      return [];
    }
    const party = callParty(call, this.#settings.country);
    const match = this.match(call.direction === 'internal' ? { ...party, phone: null } : party);
    const id = survivor?.id ?? newInteractionId(now);
    // Whom a number was shown to is asked once, when the call begins: later it may be another visit's.
    const pooled = survivor === undefined ? pooledNumber(call, staff, this.#settings.country) : null;
    const visit = pooled === null ? null : this.#holds.marksAt(pooled, call.startedAt);
    const context = { publicUrl: this.#settings.publicUrl, id, party, match, staff, visit, now };
    const reduced = afterSnapshot(survivor ?? null, known.slice(1), call, context);
    const next = reduced === null || survivor !== undefined ? reduced : this.#withPendingRoute(reduced, names);
    for (const key of keys) this.#table.putKey(key, id);
    const row = unfinished(call, survivor);
    if (row === 'keep') this.#putLive.run(id, call.connection, JSON.stringify(call));
    else if (row === 'drop') this.#dropLive.run(id);
    for (const recording of call.recordings) {
      this.#putRecording.run(recordingId(id, recording.file), id, recording.path, recording.mime);
    }
    const merged = known.slice(1).map((other) => this.#mergeInto(other, id, now));
    if (next === null) return merged;
    return [
      ...merged,
      this.#table.save(survivor ?? null, next, now, 'auto', call.basis === 'record' ? 'call record' : 'call'),
    ];
  }

  /** Keeps a routing decision with its call, or for it when it overtook the call's first event. */
  route(call: EventKey, pending: PendingRoute, now: number): readonly Change[] {
    if (this.#sweeps.due(now)) this.#dropPending.run(now - pendingRouteLife);
    const interaction = this.#of(this.#table.keyed(call));
    if (interaction === null) {
      const earlier = this.#takePending(call);
      const route = earlier === null ? pending.route : joined(earlier.route, pending.route);
      this.#putPending.run(call, now, JSON.stringify({ ...pending, route }));
      return [];
    }
    const next = { ...routed(interaction, pending), revision: interaction.revision + 1 };
    return [this.#table.save(interaction, next, now, 'auto', 'route')];
  }

  /** Every interaction that the keys belong to, the oldest first. */
  #known(keys: readonly KeyRow[]): readonly Interaction[] {
    const found = keys.map((key) => this.#of(key)).filter((interaction) => interaction !== null);
    const distinct = new Map(found.map((interaction) => [interaction.id, interaction]));
    return [...distinct.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The interaction of a key; where it was merged away, the one that took its place. */
  #of(key: KeyRow): Interaction | null {
    let interaction = key.interaction === null ? null : this.#table.get(key.interaction);
    while (interaction !== null && interaction.mergedInto !== null)
      interaction = this.#table.get(interaction.mergedInto);
    return interaction;
  }

  #mergeInto(other: Interaction, survivor: Interaction['id'], now: number): Change {
    this.#dropLive.run(other.id);
    return this.#table.save(other, mergedAway(other, survivor, now), now, 'auto', 'merge');
  }

  #withPendingRoute(interaction: Interaction, keys: readonly EventKey[]): Interaction {
    for (const key of keys) {
      const pending = this.#takePending(key);
      if (pending !== null) return routed(interaction, pending);
    }
    return interaction;
  }

  #takePending(call: EventKey): PendingRoute | null {
    const row = this.#pending.get(call);
    if (row === undefined) return null;
    this.#forget.run(call);
    return JSON.parse(row.body) as PendingRoute;
  }
}
