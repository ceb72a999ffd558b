import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import type { Interaction, Link } from '../../../domain/interaction/interaction.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Ledger } from '../../ledger.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { toldOf } from '../written/told.ts';
import { operatorMessageOf } from './answered-there.ts';
import { channelOf } from './channels.ts';
import { deliverStatus } from './deliver-status.ts';
import { holdBack, isTooOld, noteRefusal } from './hold-back.ts';
import { chatIdOf } from './ids.ts';
import { lineInactive } from './portal-messages.ts';
import { changeText, deleteParts, type Sending, sendParts } from './send-message.ts';
import { type Sent, toldMessageOf } from './told-message.ts';

/**
 * Keeps the chat of a message in the portal's Open Lines like the message. Null if no open line takes it: then it is recorded as
 * other contacts are. Rejects with a ServiceError.
 */
export async function deliverMessage(
  contact: Interaction,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult | null> {
  const steps = await ledger.steps();
  const operator = operatorMessageOf(steps);
  if (operator !== null) {
    await deliverStatus(contact, operator, ledger, parts, signal);
    return done({ chat: String(operator.chat) }, parts);
  }
  const told = toldMessageOf(steps);
  const channel = toldOf(steps) === null ? await channelOf(contact, parts) : null;
  if (channel === null) return told === null ? null : { kind: 'done', link: null };
  if (told === null && isTooOld(contact, parts.context)) return null;
  if (told === null && !isWorthSending(contact)) return { kind: 'done', link: null };
  const sending: Sending = { contact, channel, ledger, parts, signal };
  try {
    return await parts.chatQueues.run(chatIdOf(contact), () => tell(sending));
  } catch (error) {
    if (error instanceof ServiceError && error.code === lineInactive) parts.lineTroubles.set(channel.key, error.reason);
    if (error instanceof ServiceError && error.trouble === 'refused') await noteRefusal(ledger);
    throw error;
  }
}

async function tell(sending: Sending): Promise<AttemptResult> {
  const { contact, ledger, parts } = sending;
  const before = toldMessageOf(await ledger.steps());
  if (before?.isDeleted === true) return done(before.parts[0], parts);
  if (contact.deletedAt === null && contact.mergedInto === null) {
    if (before === null) await holdBack(contact, ledger, parts);
    await sendParts(sending, before);
  }
  const told = toldMessageOf(await ledger.steps());
  if (told === null) return done(null, parts);
  if (contact.deletedAt !== null || contact.mergedInto !== null) await deleteParts(sending, told);
  else await changeText(sending, told);
  return done(told.parts[0], parts);
}

/** What waits to be sent, never left, or is gone already is no message. */
function isWorthSending({ direction, state, deletedAt, mergedInto }: Interaction): boolean {
  if (direction === 'internal' || deletedAt !== null || mergedInto !== null) return false;
  return direction === 'inbound' || (state !== 'queued' && state !== 'failed');
}

function done(sent: Pick<Sent, 'chat'> | null | undefined, { config }: Pick<Bitrix24Parts, 'config'>): AttemptResult {
  const chat = sent?.chat ?? null;
  const portal = config.app?.portal ?? config.webhook;
  const isKnown = chat !== null && portal !== undefined && URL.canParse(portal);
  const url = isKnown ? `${new URL(portal).origin}/online/?IM_DIALOG=chat${chat}` : null;
  const link: Link | null = chat === null ? null : { id: `chat${chat}`, url, client: null, deal: null };
  return { kind: 'done', link };
}
