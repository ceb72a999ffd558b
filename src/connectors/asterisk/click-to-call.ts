import { type EventKey, type InteractionId, isInteractionId } from '../../domain/base/ids.ts';
import type { CallSnapshot } from '../../domain/interaction/contact-event.ts';
import { type Outbound, outboundKey, type SendOutcome } from '../../domain/outbound/outbound.ts';
import { problemOf } from '../../domain/outbound/problem.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenReport } from '../../domain/written/written-contact.ts';
import type { AmiClient } from './ami/client.ts';
import { AmiError } from './ami/errors.ts';
import type { AmiMessage } from './ami/message.ts';
import { dialable } from './dialable.ts';
import type { AsteriskConfig } from './schema.ts';

/** Milliseconds between attempts while the PBX is unavailable. Short, because a call expires within seconds. */
const retryAfter = 1000;
/** Prefix of the unique ids of channels that we originate, followed by the id of the request. */
const prefix = 'patchbay-';

/**
 * Rings the manager's phone and, once it is answered, sends it into the dialplan with the client's number. The channel's unique
 * id contains the id of the request. It links the resulting call to the request, and makes the PBX refuse a second Originate of
 * the same request while the first one lives.
 */
export async function originate(
  outbound: Outbound,
  client: Pick<AmiClient, 'action'>,
  { dial, clickToCall }: Pick<AsteriskConfig, 'dial' | 'clickToCall'>,
): Promise<SendOutcome> {
  const { extension, to } = outbound.content;
  if (clickToCall === undefined) return { kind: 'failed', reason: reason('clickToCallUnset') };
  if (extension === undefined || !dialable.test(extension))
    return { kind: 'failed', reason: reason('callerWithoutExtension') };
  const digits = to.phone?.replace(/^\+/, '') ?? '';
  if (!/^\d{2,15}$/.test(digits)) return { kind: 'failed', reason: reason('noNumberToCall') };
  const { context, number, callerId, ring } = clickToCall;
  try {
    await client.action(
      'Originate',
      {
        Channel: dial.replaceAll('{extension}', () => extension),
        Context: context,
        Exten: number.replaceAll('{digits}', () => digits),
        Priority: 1,
        // The manager's phone shows the client's number. The dialplan determines what the client sees.
        CallerID: `+${digits}`,
        Timeout: ring * 1000,
        Async: true,
        ChannelId: `${prefix}${outbound.id}`,
        Variable: `__PATCHBAY_CALLERID=${callerId ?? extension}`,
      },
      undefined,
      outbound.id,
    );
    return { kind: 'sent', keys: [], handle: null, state: 'sent' };
  } catch (error) {
    if (error instanceof AmiError) return outcomeOf(error, context);
    throw error;
  }
}

/** The report about an originated call that failed, from the PBX's final event. Null for any other event. */
export function originateFailed(event: AmiMessage, connection: string, at: number): WrittenReport | null {
  const { ActionID: actionId = '', Response: response, Channel: channel = '' } = event.fields;
  // The action was marked with the id of the request, a UUID of 36 characters.
  const id = actionId.slice(-36);
  if (response !== 'Failure' || !actionId.startsWith(prefix) || !isInteractionId(id)) return null;
  const extension = /^[^/]+\/([^@/&]+)/.exec(channel)?.[1] ?? channel;
  const problem = problemOf(reason('phoneSilent', { extension }));
  return { kind: 'report', key: outboundKey(id), connection, state: 'failed', ...problem, at };
}

/** Adds the request from which a call was originated, so that both become one interaction, whichever is stored first. */
export function withRequest(call: CallSnapshot): CallSnapshot {
  const keys = [call.key, ...call.aliases];
  const requests = keys.map((key) => requestOf(key, call.connection)).filter((id) => id !== null);
  return requests.length === 0 ? call : { ...call, aliases: [...call.aliases, ...requests.map(outboundKey)] };
}

function requestOf(key: EventKey, connection: string): InteractionId | null {
  const start = `${connection}:${prefix}`;
  const id = key.slice(start.length);
  return key.startsWith(start) && isInteractionId(id) ? id : null;
}

function outcomeOf(error: AmiError, context: string): SendOutcome {
  if (error.code === 'action-refused') {
    const answer = error.response?.fields.Message ?? '';
    // Asterisk says so of a right that the account lacks.
    if (/permission denied/i.test(answer)) return { kind: 'failed', reason: reason('callForbidden') };
    // The dialplan is asked before anybody is rung.
    if (/extension does not exist/i.test(answer)) return { kind: 'failed', reason: reason('noContext', { context }) };
    return refused(answer);
  }
  if (error.sent) return { kind: 'uncertain', reason: reason('callCut') };
  if (error.code === 'unsafe') return refused(error.message);
  return { kind: 'retry', reason: reason('pbxAway'), after: retryAfter };
}

function refused(said: string | null): SendOutcome {
  return { kind: 'failed', reason: reason('callRefused', { said }) };
}
