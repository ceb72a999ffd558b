import type { Database, Statement } from 'better-sqlite3';
import { type EventKey, type InteractionId, newInteractionId } from '../../domain/base/ids.ts';
import type { ClientHead } from '../../domain/directory/client.ts';
import type { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { Identifier, Interaction, Party, Suggestion } from '../../domain/interaction/interaction.ts';
import { addressesOf, participantsOf } from '../../domain/interaction/participants.ts';
import { isRemoved } from '../../domain/interaction/removed.ts';
import { hasLeft } from '../../domain/outbound/outbound.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { answeredBy, inConversation, isAnswer, threadWindow } from '../../domain/written/answers.ts';
import { blobsOf, partyOf, sameContact } from '../../domain/written/contact-identity.ts';
import {
  type Answered,
  answersOf,
  awaitedBy,
  awaitedNames,
  comingAlong,
  type Pair,
  withPairs,
  withThreadOf,
} from '../../domain/written/early-answers.ts';
import { deletionKey, pendingReportLife, withTold } from '../../domain/written/early-reports.ts';
import { attachmentId, deletedAt, reduceReport, reduceWritten, threadOf } from '../../domain/written/reduce-written.ts';
import { addressShownAlive } from '../../domain/written/shown-alive.ts';
import { answeredSpan, lastUnder, mostOfParticipant, subjectOf } from '../../domain/written/subject-thread.ts';
import { newTo, suggestionsOf, unsettled } from '../../domain/written/suggestions.ts';
import type {
  WrittenAttachment,
  WrittenContact,
  WrittenDeletion,
  WrittenReport,
} from '../../domain/written/written-contact.ts';
import { Sweeps } from '../shared/sweeps.ts';
import { AwaitedTable } from './awaited.ts';
import type { CallWriter } from './calls.ts';
import type { InteractionTable, KeyRow } from './interactions.ts';
import type { UndeliverableTable } from './undeliverable.ts';

/** Takes letters, messages, forms and what is reported of them in: finds or makes their interaction, its thread and its answer. */
export class WrittenWriter {
  readonly #table: InteractionTable;
  readonly #undeliverable: UndeliverableTable;
  readonly #awaited: AwaitedTable;
  readonly #calls: CallWriter;
  readonly #settings: WriteSettings;
  readonly #putAttachment: Statement;
  readonly #putBody: Statement;
  readonly #putParticipant: Statement;
  readonly #putHandle: Statement;
  readonly #putReport: Statement;
  readonly #takeReport: Statement<[string], { body: string }>;
  readonly #dropReports: Statement;
  readonly #sweeps = new Sweeps();
  readonly #settle: Statement;
  readonly #loosen: Statement;

  constructor(
    db: Database,
    tables: { readonly interactions: InteractionTable; readonly undeliverable: UndeliverableTable },
    calls: CallWriter,
    settings: WriteSettings,
  ) {
    this.#table = tables.interactions;
    this.#undeliverable = tables.undeliverable;
    this.#awaited = new AwaitedTable(db, tables.interactions);
    this.#calls = calls;
    this.#settings = settings;
    this.#putAttachment = db.prepare(
      'INSERT OR IGNORE INTO attachments (id, interaction, blob, name, mime) VALUES (?, ?, ?, ?, ?)',
    );
    this.#putBody = db.prepare('INSERT OR IGNORE INTO letter_bodies (interaction, body) VALUES (?, ?)');
    this.#putParticipant = db.prepare(
      'INSERT OR IGNORE INTO interaction_participants (email, interaction) VALUES (?, ?)',
    );
    this.#putHandle = db.prepare(
      `INSERT INTO reply_handles (interaction, connection, handle) VALUES (?, ?, ?)
        ON CONFLICT (interaction) DO UPDATE SET handle = excluded.handle`,
    );
    this.#putReport = db.prepare('INSERT OR REPLACE INTO pending_reports (key, at, body) VALUES (?, ?, ?)');
    this.#takeReport = db.prepare('DELETE FROM pending_reports WHERE key = ? RETURNING body');
    this.#settle = db.prepare(
      "UPDATE outbound SET state = 'done' WHERE id = ? AND state IN ('due', 'failed', 'uncertain')",
    );
    this.#loosen = db.prepare('INSERT OR IGNORE INTO loose_blobs (blob) VALUES (?)');
    this.#dropReports = db.prepare('DELETE FROM pending_reports WHERE at < ?');
  }

  /** Applies a letter, message or form. */
  apply(contact: WrittenContact, staff: StaffIndex, now: number): readonly Change[] {
    const names = [contact.key, ...contact.aliases];
    const keys = names.map((name) => this.#table.keyed(name));
    const keyed = this.#of(keys);
    if (keyed === null && isRemoved(wasOf(keys), contact)) return this.#passOver(contact);
    const existing = sameContact(keyed, contact);
    const id = existing?.id ?? newInteractionId(now);
    const { country } = this.#settings;
    const party = partyOf(contact, country);
    const alive = addressShownAlive(contact, party);
    if (alive !== null) this.#undeliverable.alive(alive, contact.at);
    const match = this.#calls.match(party);
    const [known, named] = this.#parent(contact, id);
    const early = this.#awaited.answers(awaitedNames(contact));
    const bySubject = existing === null && named === null && early.length === 0;
    const parent = bySubject ? this.#underSubject(contact, party) : named;
    const placing = withThreadOf(contact, parent, early);
    const isOurs = (identifier: Identifier) => staff.isOurs(identifier);
    const found = suggestionsOf(contact, { party, isOurs });
    const thread = existing?.thread ?? threadOf(placing, { parent });
    const suggestions = found.length === 0 ? found : this.#offered(found, match.client, thread);
    const participants = participantsOf(contact, this.#calls.directory);
    const context = { ...this.#settings, id, match, parent, suggestions, participants, staff, now };
    const reduced = reduceWritten(existing, placing, context);
    for (const key of keys) this.#table.putKey(key, id);
    this.#share(contact.sharedNames ?? [], id);
    this.keepAttachments(id, contact.attachments);
    for (const { value } of addressesOf(contact)) this.#putParticipant.run(value, id);
    if (contact.body != null) this.#putBody.run(id, JSON.stringify(contact.body));
    if (contact.handle !== null) this.keepHandle(id, contact.connection, contact.handle);
    this.#awaited.await(id, awaitedBy(contact, existing, known), contact.arrivedAt ?? contact.at);
    const current = reduced ?? existing;
    const answers = current === null ? [] : answersOf(current, early);
    for (const { answer, rank } of early) this.#awaited.drop(answer.id, rank);
    if (reduced === null) return this.#join(answers, now);
    const placed =
      existing === null || contact.direction === 'inbound' ? this.#inConversation(reduced, contact, answers) : reduced;
    // What is reported is reported of what we sent; only messages can be deleted.
    const reported = contact.direction === 'inbound' ? [] : [...names, ...(contact.sharedNames ?? [])];
    const told = this.withReports(placed, [
      ...reported,
      ...(contact.channel === 'message' ? names.map(deletionKey) : []),
    ]);
    const saved = this.#table.save(existing, told, now, 'auto', contact.channel);
    if (existing !== null && hasLeft(told)) this.#settle.run(id);
    const wasAnswer = existing !== null && isAnswer(existing);
    const joined = this.#join(answers, now);
    return [saved, ...joined, ...(wasAnswer ? [] : this.answer(told, Date.parse(told.startedAt), now))];
  }

  /** Answers that were read before what they answer find their place, with what came of them. */
  #join(answers: readonly Pair[], now: number): readonly Change[] {
    return answers.flatMap((pair) => {
      const [before, after] = pair;
      const along =
        before.thread === null ? [] : comingAlong(pair, this.#table.ofThread(before.thread, threadWindow), answers);
      return [
        ...[pair, ...along].map(([was, is]) => this.#table.save(was, is, now, 'auto', 'what it answers has come')),
        ...this.answer(after, Date.parse(after.startedAt), now),
      ];
    });
  }

  /** Applies what the outside reports; of what nobody knows yet it is kept for a while. */
  report(report: WrittenReport, now: number): readonly Change[] {
    const existing = this.known([report.key]);
    if (existing === null) {
      this.#keepTold(report.key, report, now);
      return [];
    }
    this.#markFailed(existing, report);
    const next = reduceReport(existing, report);
    if (next === null) return [];
    if (hasLeft(next)) this.#settle.run(next.id);
    const saved = this.#table.save(existing, next, now, 'auto', 'report');
    return [saved, ...(isAnswer(existing) ? [] : this.answer(next, Date.parse(next.startedAt), now))];
  }

  /** Applies that a message was deleted; of one that nobody knows yet that is kept for a while. */
  delete(deletion: WrittenDeletion, now: number): readonly Change[] {
    const existing = this.known([deletion.key]);
    if (existing === null) {
      this.#keepTold(deletionKey(deletion.key), deletion, now);
      return [];
    }
    const next = deletedAt(existing, deletion.at);
    return next === null ? [] : [this.#table.save(existing, next, now, 'auto', 'deleted by its writer')];
  }

  #keepTold(key: EventKey, told: WrittenReport | WrittenDeletion, now: number): void {
    if (this.#sweeps.due(now)) this.#dropReports.run(now - pendingReportLife);
    this.#putReport.run(this.#table.keyed(key).hash.toString('hex'), now, JSON.stringify(told));
  }

  /** The interaction of any of the keys; where it was merged away, the one that took its place. */
  known(keys: readonly EventKey[]): Interaction | null {
    return this.#of(keys.map((key) => this.#table.keyed(key)));
  }

  /** Whether one of the keys named an interaction that is not there any more. Only for keys that name none that is. */
  wasRemoved(keys: readonly EventKey[]): boolean {
    return wasOf(keys.map((key) => this.#table.keyed(key))) !== null;
  }

  /** Its files were stored before it was known that nobody keeps it. */
  #passOver(contact: WrittenContact): readonly Change[] {
    for (const blob of blobsOf(contact)) this.#loosen.run(blob);
    return [];
  }

  bind(keys: readonly EventKey[], id: InteractionId): void {
    for (const key of keys) this.#table.putKey(this.#table.keyed(key), id);
  }

  #share(keys: readonly EventKey[], id: InteractionId): void {
    for (const key of keys) {
      const row = this.#table.keyed(key);
      if (row.interaction === null) this.#table.putKey(row, id);
    }
  }

  keepAttachments(id: InteractionId, attachments: readonly WrittenAttachment[]): void {
    for (const one of attachments) this.#putAttachment.run(attachmentId(id, one), id, one.blob, one.name, one.mime);
  }

  keepHandle(id: InteractionId, connection: string, handle: Readonly<Record<string, string>>): void {
    this.#putHandle.run(id, connection, JSON.stringify(handle));
  }

  /** Where `interaction` is an answer of ours: everything in its thread that waited for one has it. */
  answer(interaction: Interaction, at: number, now: number): readonly Change[] {
    if (interaction.thread === null || !isAnswer(interaction)) return [];
    const thread = this.#table.ofThread(interaction.thread, threadWindow);
    return answeredBy(interaction, thread, at).map(([before, after]) =>
      this.#table.save(before, after, now, 'auto', 'answered'),
    );
  }

  /** The interaction after what was told of it before it came; that doesn't raise its revision once more. */
  withReports(interaction: Interaction, keys: readonly EventKey[]): Interaction {
    return keys.reduce((told, key) => {
      const row = this.#takeReport.get(this.#table.keyed(key).hash.toString('hex'));
      if (row === undefined) return told;
      const one = JSON.parse(row.body) as WrittenReport | WrittenDeletion;
      if (one.kind === 'report') this.#markFailed(told, one);
      return withTold(told, one);
    }, interaction);
  }

  /** Only of what we sent: a stranger's letter may claim what it likes. */
  #markFailed({ direction }: Interaction, { undeliverable = [], at }: WrittenReport): void {
    if (direction !== 'outbound') return;
    for (const failed of undeliverable) this.#undeliverable.mark(failed, at);
  }

  /** What is found in a text and nobody has said anything to yet. */
  #offered(found: readonly Suggestion[], client: ClientHead | null, thread: string | null): readonly Suggestion[] {
    const conversation = thread === null ? [] : this.#table.ofThread(thread, threadWindow);
    return unsettled(newTo(client, found, this.#calls.directory), conversation);
  }

  #inConversation(interaction: Interaction, contact: WrittenContact, early: readonly Pair[]): Interaction {
    if (interaction.thread === null) return interaction;
    return inConversation(
      interaction,
      withPairs(this.#table.ofThread(interaction.thread, threadWindow), early),
      contact,
    );
  }

  #of(keys: readonly KeyRow[]): Interaction | null {
    for (const { interaction: id } of keys) {
      let found = id === null ? null : this.#table.get(id);
      while (found !== null && found.mergedInto !== null) found = this.#table.get(found.mergedInto);
      if (found !== null) return found;
    }
    return null;
  }

  /** What a letter goes on with by its subject, where it says that it answers and nothing known is named. */
  #underSubject(contact: WrittenContact, { email }: Party): Interaction | null {
    const subject = subjectOf(contact);
    if (subject === null || email === null) return null;
    if (contact.thread !== null && this.#table.ofThread(contact.thread, 1).length > 0) return null;
    return lastUnder(subject, this.#table.ofEmail(email, ...answeredSpan(contact), mostOfParticipant));
  }

  /** The nearest of those that a letter names that is known. */
  #parent(contact: WrittenContact, id: InteractionId): Answered {
    for (const key of contact.answers) {
      const parent = this.known([key]);
      if (parent !== null && parent.id !== id) return [key, parent];
    }
    return [null, null];
  }
}

/** What the first of the keys that is known named. */
function wasOf(keys: readonly KeyRow[]): InteractionId | null {
  return keys.find((key) => key.interaction !== null)?.interaction ?? null;
}
