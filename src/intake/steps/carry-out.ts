import type { Awaitable } from '../../domain/base/awaitable.ts';
import { holdMemory, isHeldAgainst, type NumberHold } from '../../domain/call/number-hold.ts';
import { taskDone } from '../../domain/follow-up/acts.ts';
import { escalated } from '../../domain/follow-up/misses.ts';
import type { QuarantineWrite } from '../../domain/ports/operation-writes.ts';
import { type Outcome, refuse } from '../../domain/ports/refusal.ts';
import type { CarryOut } from '../../domain/ports/tables.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import type { Write } from '../../domain/ports/writes.ts';
import { changeAccess } from './access.ts';
import { keepRoute } from './calls.ts';
import { queueCommand } from './commands.ts';
import { takeContact } from './contacts.ts';
import { changeConversation } from './conversations.ts';
import { changeCrm } from './crm.ts';
import { actOnLead, decide, record } from './decisions.ts';
import { deliverAgain, endDelivery, retryDelivery } from './deliveries.ts';
import { beginSending, endSending, resend, send } from './outbound.ts';
import { sendNow, takeBack } from './postponed.ts';
import { eraseRecordings, putTranscript } from './recordings.ts';
import { relink, resumeRelinking } from './relink.ts';
import type { Work } from './work.ts';

type WriteOf<Op extends Write['op']> = Extract<Write, { readonly op: Op }>;

/** Returns the function that carries out every kind of write, shared by all stores. */
export function stepsUnder(settings: WriteSettings): CarryOut {
  return (write, tables, staff, now) => carryOut({ tables, settings, staff, now }, write);
}

/** Not async, because every contact passes through here: returning the step's promise directly avoids a second one. */
function carryOut(work: Work, write: Write): Awaitable<Outcome> {
  const { tables } = work;
  switch (write.op) {
    case 'contact':
      return takeContact(work, write.event);
    case 'routed':
      return takeRoute(work, write);
    case 'decide':
      return decide(work, write);
    case 'record':
      return record(work, write);
    case 'send':
      return send(work, write);
    case 'begin-sending':
      return beginSending(work, write);
    case 'end-sending':
      return endSending(work, write);
    case 'command':
      return queueCommand(work, write);
    case 'resend':
      return resend(work, write);
    case 'take-back':
      return takeBack(work, write);
    case 'send-now':
      return sendNow(work, write);
    case 'hand-over':
    case 'close':
      return changeConversation(work, write);
    case 'lead':
      return actOnLead(work, write);
    case 'put-task':
      return noChange(tables.followUps.putTask(write.task));
    case 'task-done':
      return endTask(work, write);
    case 'escalate-task':
      return escalateTask(work, write);
    case 'put-clients':
      return putClients(work, write);
    case 'delete-client':
      return deleteClient(work, write);
    case 'relink':
      return resumeRelinking(work, write.at);
    case 'staff':
      return noChange(tables.staff.put(write.staff));
    case 'devices':
      return noChange(tables.staff.putDevices(write.reports));
    case 'destinations':
      return noChange(tables.owed.setDestinations(write));
    case 'delivered':
      return endDelivery(work, write);
    case 'retry-delivery':
      return retryDelivery(work, write.id, write.at);
    case 'deliver-again':
      return deliverAgain(work, write);
    case 'ledger':
    case 'vault':
      return changeCrm(work, write);
    case 'hold-number':
      return holdNumber(work, write.hold);
    case 'clear-undeliverable':
      return clearUndeliverable(work, write);
    case 'quarantine':
    case 'quarantine-retry':
    case 'quarantine-remove':
      return changeQuarantine(work, write);
    case 'audit':
      return noChange(tables.bookkeeping.putAudit(write.entry));
    case 'forget-audit':
      return noChange(tables.bookkeeping.dropAudit(write.before, write.limit));
    case 'cursor':
      return noChange(tables.bookkeeping.putCursor(write.connection, write.name, write.value));
    case 'blobs-removed':
      return noChange(tables.bookkeeping.removeLooseBlobs(write.blobs));
    case 'index-texts':
      return noChange(indexTexts(work, write));
    case 'erase-recordings':
      return eraseRecordings(work, write);
    case 'put-transcript':
      return putTranscript(work, write);
    case 'recording-heard':
      return noChange(tables.bookkeeping.putHeard(write.recording, write.by, write.at));
    default:
      return changeAccess(work, write);
  }
}

/** The outcome of a write that changes no interaction. */
async function noChange(done: Awaitable<void>): Promise<Outcome> {
  await done;
  return [];
}

async function indexTexts({ tables: { search } }: Work, { texts, filled }: WriteOf<'index-texts'>): Promise<void> {
  await search.index(texts);
  if (filled !== null) await search.putFilled(filled);
}

async function takeRoute(work: Work, { call, turn, at, ...pending }: WriteOf<'routed'>): Promise<Outcome> {
  if (turn !== null) await work.tables.staff.takeTurn(turn.group, turn.manager);
  const { route, responsible, line = null } = pending;
  return keepRoute(work, call, { route, responsible, line }, at);
}

async function endTask({ tables: { followUps } }: Work, write: WriteOf<'task-done'>): Promise<Outcome> {
  const task = taskDone(await followUps.task(write.id), write);
  return 'ok' in task ? task : noChange(followUps.putTask(task));
}

async function escalateTask({ tables: { followUps } }: Work, write: WriteOf<'escalate-task'>): Promise<Outcome> {
  const task = await followUps.task(write.id);
  if (task === null) return refuse('not_found', `no task ${write.id}`);
  if (task.state === 'done' || task.escalatedAt !== null) return refuse('conflict', 'the task is done or passed on');
  return noChange(followUps.putTask(escalated(task, write.to, write.at)));
}

async function putClients(work: Work, { clients, at }: WriteOf<'put-clients'>): Promise<Outcome> {
  return relink(work, await work.tables.clients.put(clients), at);
}

async function deleteClient(work: Work, { id, at }: WriteOf<'delete-client'>): Promise<Outcome> {
  const had = await work.tables.clients.remove(id);
  if (had === null) return refuse('not_found', `no client ${id}`);
  await work.tables.owed.oweErasure(id, at);
  return relink(work, had, at);
}

async function clearUndeliverable(work: Work, { email, at }: WriteOf<'clear-undeliverable'>): Promise<Outcome> {
  const cleared = await work.tables.undeliverable.clear(email, at);
  return cleared ? [] : refuse('not_found', 'no letter to this address came back');
}

/** Assigns a number to a visit, or extends its hold. Refused while another visit holds the number. */
async function holdNumber({ tables: { numberHolds } }: Work, hold: NumberHold): Promise<Outcome> {
  // Take the latest hold of all: concurrent requests may arrive in another order than their timestamps.
  const held = await numberHolds.latest(hold.number, Number.MAX_SAFE_INTEGER);
  if (isHeldAgainst(held, hold)) return refuse('conflict', 'this number is currently shown to another visit');
  await numberHolds.drop(hold.from - holdMemory);
  await numberHolds.put(held !== null && held.until >= hold.from ? { ...hold, from: held.from } : hold);
  return [];
}

async function changeQuarantine({ tables: { quarantine } }: Work, write: QuarantineWrite): Promise<Outcome> {
  const changed = await quarantine.change(write);
  const hasId = write.op !== 'quarantine' && write.id !== null;
  return hasId && changed === 0 ? refuse('not_found', 'no such entry in quarantine') : [];
}
