import type { Phrase, Transcript } from '../../../domain/call/transcript.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { fields, id } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';
import type { CallAttempt } from './call-attempt.ts';
import type { TranscriptStep } from './plan.ts';
import { transcriptStep } from './reported.ts';
import { transcriptOfCall } from './statistics.ts';

/**
 * Attaches a transcript to a finished call, once. Bitrix24 does not say what a second one does, so one that replaces it later is
 * not sent; whether an attempt of unknown outcome succeeded stands in the portal's statistics.
 */
export async function attachTranscript(attempt: CallAttempt, step: TranscriptStep, callId: string): Promise<void> {
  const { ledger, parts, signal } = attempt;
  const transcript = await parts.context.transcript(step.recording.id);
  // It was erased meanwhile.
  if (transcript === null) return;
  await ledger.once({
    name: transcriptStep(step.part),
    call: () => send(attempt, callId, transcript),
    settle: async () => {
      const found = await transcriptOfCall(callId, parts, signal);
      return found === null ? { done: false } : { done: true, remote: found };
    },
  });
}

async function send({ parts, signal }: CallAttempt, callId: string, { phrases }: Transcript): Promise<string> {
  const parameters = { CALL_ID: callId, MESSAGES: phrases.map(messageOf) };
  const { result } = await parts.portal.call('telephony.call.attachTranscription', parameters, { signal });
  const transcript = id(fields(result).TRANSCRIPT_ID);
  if (transcript === null) throw new ServiceError('unknown', reason('answerUnclear', { service }));
  return transcript;
}

/** A phrase as the portal takes it: in whole seconds, and said by one of two. If it is unknown by whom, the text says so. */
function messageOf({ side, from, to, text }: Phrase) {
  return {
    SIDE: side === 'manager' ? 'User' : 'Client',
    START_TIME: Math.floor(from),
    STOP_TIME: Math.max(1, Math.ceil(to)),
    MESSAGE: side === null ? `(?) ${text}` : text,
  };
}
