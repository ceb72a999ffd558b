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
  WrittenBody,
  WrittenContact,
  WrittenDeletion,
  WrittenReport,
} from '../../domain/written/written-contact.ts';
import { Sweeps } from '../shared/sweeps.ts';
import { AwaitedTable } from './awaited.ts';
import type { CallWriter } from './calls.ts';
import type { Connection } from './connect.ts';
import { directoryOf } from './directory.ts';
import type { InteractionTable } from './interactions.ts';
import { markUndeliverable, shownAlive } from './undeliverable.ts';

/** Takes letters, messages, forms and reports in; the steps are those of SQLite's WrittenWriter. */
export class WrittenWriter {
  readonly #db: Connection;
  readonly #table: InteractionTable;
  readonly #awaited: AwaitedTable;
  readonly #calls: CallWriter;
  readonly #settings: WriteSettings;
  readonly #sweeps = new Sweeps();

  constructor(db: Connection, table: InteractionTable, calls: CallWriter, settings: WriteSettings) {
    this.#db = db;
    this.#table = table;
    this.#awaited = new AwaitedTable(db, table);
    this.#calls = calls;
    this.#settings = settings;
  }

  /** Applies a letter, message or form. */
  async apply(contact: WrittenContact, staff: StaffIndex, now: number): Promise<readonly Change[]> {
    const names = [contact.key, ...contact.aliases];
    const { interaction, removed } = await this.#lookUp(names);
    if (interaction === null && isRemoved(removed, contact)) return this.#passOver(contact);
    const existing = sameContact(interaction, contact);
    const id = existing?.id ?? newInteractionId(now);
    const { country } = this.#settings;
    const party = partyOf(contact, country);
    const alive = addressShownAlive(contact, party);
    if (alive !== null) await shownAlive(this.#db, alive, contact.at);
    const match = await this.#calls.match(party);
    const [known, named] = await this.#parent(contact, id);
    const early = await this.#awaited.answers(awaitedNames(contact));
    const bySubject = existing === null && named === null && early.length === 0;
    const parent = bySubject ? await this.#underSubject(contact, party) : named;
    const placing = withThreadOf(contact, parent, early);
    const isOurs = (identifier: Identifier) => staff.isOurs(identifier);
    const found = suggestionsOf(contact, { party, isOurs });
    const thread = existing?.thread ?? threadOf(placing, { parent });
    const suggestions = found.length === 0 ? found : await this.#offered(found, match.client, thread);
    const participants = participantsOf(contact, await directoryOf(this.#db, addressesOf(contact)));
    const context = { ...this.#settings, id, match, parent, suggestions, participants, staff, now };
    const reduced = reduceWritten(existing, placing, context);
    await this.#table.putKeys(names, id);
    await this.#table.shareKeys(contact.sharedNames ?? [], id);
    await this.keepAttachments(id, contact.attachments);
    await this.#keepParticipants(id, contact);
    if (contact.body != null) await this.#keepBody(id, contact.body);
    if (contact.handle !== null) await this.keepHandle(id, contact.connection, contact.handle);
    await this.#awaited.await(id, awaitedBy(contact, existing, known), contact.arrivedAt ?? contact.at);
    const current = reduced ?? existing;
    const answers = current === null ? [] : answersOf(current, early);
    for (const { answer, rank } of early) await this.#awaited.drop(answer.id, rank);
    if (reduced === null) return this.#join(answers, now);
    const inbound = contact.direction === 'inbound';
    const placed = existing === null || inbound ? await this.#inConversation(reduced, contact, answers) : reduced;
    // What is reported is reported of what we sent; only messages can be deleted.
    const reported = inbound ? [] : [...names, ...(contact.sharedNames ?? [])];
    const deletable = contact.channel === 'message' ? names.map(deletionKey) : [];
    const told = await this.withReports(placed, [...reported, ...deletable]);
    const saved = await this.#table.save(existing, told, now, 'auto', contact.channel);
    if (existing !== null && hasLeft(told)) await this.#settle(id);
    const wasAnswer = existing !== null && isAnswer(existing);
    const joined = await this.#join(answers, now);
    return [saved, ...joined, ...(wasAnswer ? [] : await this.answer(told, Date.parse(told.startedAt), now))];
  }

  /** Answers that were read before what they answer find their place, with what came of them. */
  async #join(answers: readonly Pair[], now: number): Promise<readonly Change[]> {
    const changes: Change[] = [];
    for (const pair of answers) {
      const [before, after] = pair;
      const thread = before.thread === null ? [] : await this.#table.ofThread(before.thread, threadWindow);
      for (const [was, is] of [pair, ...comingAlong(pair, thread, answers)])
        changes.push(await this.#table.save(was, is, now, 'auto', 'what it answers has come'));
      changes.push(...(await this.answer(after, Date.parse(after.startedAt), now)));
    }
    return changes;
  }

  /** Applies what the outside reports; of what nobody knows yet it is kept for a while. */
  async report(report: WrittenReport, now: number): Promise<readonly Change[]> {
    const existing = await this.known([report.key]);
    if (existing === null) {
      await this.#keepTold(report.key, report, now);
      return [];
    }
    await this.#markFailed(existing, report);
    const next = reduceReport(existing, report);
    if (next === null) return [];
    if (hasLeft(next)) await this.#settle(next.id);
    const saved = await this.#table.save(existing, next, now, 'auto', 'report');
    return [saved, ...(isAnswer(existing) ? [] : await this.answer(next, Date.parse(next.startedAt), now))];
  }

  /** Applies that a message was deleted; of one that nobody knows yet that is kept for a while. */
  async delete(deletion: WrittenDeletion, now: number): Promise<readonly Change[]> {
    const existing = await this.known([deletion.key]);
    if (existing === null) {
      await this.#keepTold(deletionKey(deletion.key), deletion, now);
      return [];
    }
    const next = deletedAt(existing, deletion.at);
    return next === null ? [] : [await this.#table.save(existing, next, now, 'auto', 'deleted by its writer')];
  }

  async #keepTold(key: EventKey, told: WrittenReport | WrittenDeletion, now: number): Promise<void> {
    if (this.#sweeps.due(now))
      await this.#db.query('DELETE FROM pending_reports WHERE at < $1', [now - pendingReportLife]);
    await this.#db.query(
      'INSERT INTO pending_reports (key, at, body) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET at = excluded.at, body = excluded.body',
      [this.#table.hashOf(key), now, JSON.stringify(told)],
    );
  }

  async #settle(id: InteractionId): Promise<void> {
    await this.#db.query(
      "UPDATE outbound SET state = 'done' WHERE id = $1 AND state IN ('due', 'failed', 'uncertain')",
      [id],
    );
  }

  /** The interaction of any of the keys, the first that has one; where it was merged away, the one that took its place. */
  async known(keys: readonly EventKey[]): Promise<Interaction | null> {
    return (await this.#lookUp(keys)).interaction;
  }

  /** Whether one of the keys named an interaction that is not there any more. Only for keys that name none that is. */
  async wasRemoved(keys: readonly EventKey[]): Promise<boolean> {
    return (await this.#lookUp(keys)).removed !== null;
  }

  /** What the keys name; where that is not there any more, `removed` tells which it was. */
  async #lookUp(
    keys: readonly EventKey[],
  ): Promise<{ interaction: Interaction | null; removed: InteractionId | null }> {
    let removed: InteractionId | null = null;
    for (const key of keys) {
      const [id] = await this.#table.ofKeys([key]);
      let found = id === undefined ? null : await this.#table.get(id);
      while (found !== null && found.mergedInto !== null) found = await this.#table.get(found.mergedInto);
      if (found !== null) return { interaction: found, removed: null };
      removed ??= id ?? null;
    }
    return { interaction: null, removed };
  }

  /** Its files were stored before it was known that nobody keeps it. */
  async #passOver(contact: WrittenContact): Promise<readonly Change[]> {
    await this.#db.query('INSERT INTO loose_blobs (blob) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [
      blobsOf(contact),
    ]);
    return [];
  }

  async keepAttachments(id: InteractionId, attachments: readonly WrittenAttachment[]): Promise<void> {
    for (const one of attachments) {
      await this.#db.query(
        'INSERT INTO attachments (id, interaction, blob, name, mime) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
        [attachmentId(id, one), id, one.blob, one.name, one.mime],
      );
    }
  }

  async #keepParticipants(id: InteractionId, contact: WrittenContact): Promise<void> {
    const emails = addressesOf(contact).map(({ value }) => value);
    if (emails.length === 0) return;
    await this.#db.query(
      'INSERT INTO interaction_participants (email, interaction) SELECT unnest($1::text[]), $2 ON CONFLICT DO NOTHING',
      [emails, id],
    );
  }

  async #keepBody(id: InteractionId, body: WrittenBody): Promise<void> {
    await this.#db.query('INSERT INTO letter_bodies (interaction, body) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      id,
      JSON.stringify(body),
    ]);
  }

  async keepHandle(id: InteractionId, connection: string, handle: Readonly<Record<string, string>>): Promise<void> {
    await this.#db.query(
      `INSERT INTO reply_handles (interaction, connection, handle) VALUES ($1, $2, $3)
       ON CONFLICT (interaction) DO UPDATE SET handle = excluded.handle`,
      [id, connection, JSON.stringify(handle)],
    );
  }

  /** The interaction after what was told of it before it came; that doesn't raise its revision once more. */
  async withReports(interaction: Interaction, keys: readonly EventKey[]): Promise<Interaction> {
    if (keys.length === 0) return interaction;
    const { rows } = await this.#db.query<{ body: string }>(
      'DELETE FROM pending_reports WHERE key = ANY ($1::text[]) RETURNING body',
      [keys.map((key) => this.#table.hashOf(key))],
    );
    const told = rows.map((row) => JSON.parse(row.body) as WrittenReport | WrittenDeletion);
    for (const one of told) if (one.kind === 'report') await this.#markFailed(interaction, one);
    return told.reduce(withTold, interaction);
  }

  /** Only of what we sent: a stranger's letter may claim what it likes. */
  async #markFailed({ direction }: Interaction, { undeliverable = [], at }: WrittenReport): Promise<void> {
    if (direction !== 'outbound') return;
    for (const failed of undeliverable) await markUndeliverable(this.#db, failed, at);
  }

  /** Where `interaction` is an answer of ours: everything in its thread that waited for one has it. */
  async answer(interaction: Interaction, at: number, now: number): Promise<readonly Change[]> {
    if (interaction.thread === null || !isAnswer(interaction)) return [];
    const changes: Change[] = [];
    const thread = await this.#table.ofThread(interaction.thread, threadWindow);
    for (const [before, after] of answeredBy(interaction, thread, at))
      changes.push(await this.#table.save(before, after, now, 'auto', 'answered'));
    return changes;
  }

  /** What is found in a text and nobody has said anything to yet. */
  async #offered(
    found: readonly Suggestion[],
    client: ClientHead | null,
    thread: string | null,
  ): Promise<readonly Suggestion[]> {
    const conversation = thread === null ? [] : await this.#table.ofThread(thread, threadWindow);
    const directory = await directoryOf(this.#db, client === null ? [] : found);
    return unsettled(newTo(client, found, directory), conversation);
  }

  async #inConversation(
    interaction: Interaction,
    contact: WrittenContact,
    early: readonly Pair[],
  ): Promise<Interaction> {
    if (interaction.thread === null) return interaction;
    const thread = await this.#table.ofThread(interaction.thread, threadWindow);
    return inConversation(interaction, withPairs(thread, early), contact);
  }

  /** What a letter goes on with by its subject, where it says that it answers and nothing known is named. */
  async #underSubject(contact: WrittenContact, { email }: Party): Promise<Interaction | null> {
    const subject = subjectOf(contact);
    if (subject === null || email === null) return null;
    if (contact.thread !== null && (await this.#table.ofThread(contact.thread, 1)).length > 0) return null;
    return lastUnder(subject, await this.#table.ofEmail(email, ...answeredSpan(contact), mostOfParticipant));
  }

  /** The nearest of those that a letter names that is known. */
  async #parent(contact: WrittenContact, id: InteractionId): Promise<Answered> {
    for (const key of contact.answers) {
      const parent = await this.known([key]);
      if (parent !== null && parent.id !== id) return [key, parent];
    }
    return [null, null];
  }
}
