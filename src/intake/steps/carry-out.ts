import { holdMemory, isHeldAgainst, type NumberHold } from '../../domain/call/number-hold.ts';
import { taskDone } from '../../domain/follow-up/acts.ts';
import type { QuarantineWrite } from '../../domain/ports/operation-writes.ts';
import { type Outcome, refuse } from '../../domain/ports/refusal.ts';
import type { CarryOut } from '../../domain/ports/tables.ts';
import type { WriteSettings } from '../../domain/ports/write-settings.ts';
import type { Write } from '../../domain/ports/writes.ts';
import { changeAccess } from './access.ts';
import { keepRoute } from './calls.ts';
import { takeContact } from './contacts.ts';
import { changeConversation } from './conversations.ts';
import { changeCrm } from './crm.ts';
import { actOnLead, decide, record } from './decisions.ts';
import { endDelivery, retryDelivery } from './deliveries.ts';
import { beginSending, endSending, resend, send } from './outbound.ts';
import { relink, resumeRelinking } from './relink.ts';
import type { Work } from './work.ts';

/** Returns the function that carries out every kind of write, shared by all stores. */
export function stepsUnder(settings: WriteSettings): CarryOut {
  return (write, tables, staff, now) => carryOut({ tables, settings, staff, now }, write);
}

async function carryOut(work: Work, write: Write): Promise<Outcome> {
  const { tables } = work;
  switch (write.op) {
    case 'contact':
      return takeContact(work, write.event);
    case 'routed':
      if (write.turn !== null) await tables.staff.takeTurn(write.turn.group, write.turn.manager);
      return keepRoute(work, write.call, write, write.at);
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
    case 'resend':
      return resend(work, write);
    case 'hand-over':
    case 'close':
      return changeConversation(work, write);
    case 'lead':
      return actOnLead(work, write);
    case 'put-task':
      await tables.followUps.putTask(write.task);
      return [];
    case 'task-done': {
      const task = taskDone(await tables.followUps.task(write.id), write);
      if ('ok' in task) return task;
      await tables.followUps.putTask(task);
      return [];
    }
    case 'put-clients':
      return relink(work, await tables.clients.put(write.clients), write.at);
    case 'delete-client': {
      const had = await tables.clients.remove(write.id);
      if (had === null) return refuse('not_found', `no client ${write.id}`);
      await tables.owed.oweErasure(write.id, write.at);
      return relink(work, had, write.at);
    }
    case 'relink':
      return resumeRelinking(work, write.at);
    case 'staff':
      await tables.staff.put(write.staff);
      return [];
    case 'devices':
      await tables.staff.putDevices(write.reports);
      return [];
    case 'destinations':
      await tables.owed.setDestinations(write);
      return [];
    case 'delivered':
      return endDelivery(work, write);
    case 'retry-delivery':
      return retryDelivery(work, write.id, write.at);
    case 'ledger':
    case 'vault':
      return changeCrm(work, write);
    case 'hold-number':
      return holdNumber(work, write.hold);
    case 'clear-undeliverable':
      return (await tables.undeliverable.clear(write.email, write.at))
        ? []
        : refuse('not_found', 'no letter to this address came back');
    case 'quarantine':
    case 'quarantine-retry':
    case 'quarantine-remove':
      return changeQuarantine(work, write);
    case 'audit':
      await tables.bookkeeping.putAudit(write.entry);
      return [];
    case 'forget-audit':
      await tables.bookkeeping.dropAudit(write.before, write.limit);
      return [];
    case 'cursor':
      await tables.bookkeeping.putCursor(write.connection, write.name, write.value);
      return [];
    case 'blobs-removed':
      await tables.bookkeeping.removeLooseBlobs(write.blobs);
      return [];
    case 'recording-heard':
      await tables.bookkeeping.putHeard(write.recording, write.by, write.at);
      return [];
    default:
      return changeAccess(work, write);
  }
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
