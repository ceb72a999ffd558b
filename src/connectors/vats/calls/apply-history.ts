import type { CallResultReason } from '../../../domain/call/call-result.ts';
import type { CallLeg, CallRecording, CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { CallHistory, HistoryStatus } from '../message.ts';
import { ended, withoutExpected } from './apply-event.ts';
import { isTalking, newLeg, withLeg } from './new-call.ts';

/** Why an outbound call was not answered. */
const results: Partial<Record<HistoryStatus, CallResultReason>> = {
  busy: 'busy',
  cancel: 'cancelled',
  missed: 'no_answer',
  notavailable: 'unavailable',
  notallowed: 'failed',
  notfound: 'wrong_number',
};

/**
 * The call after its history. What was seen live keeps its times. A call that several telephones shared has a history of
 * each, so that one that nobody answered there does not make it a missed one.
 */
export function applyHistory(call: CallSnapshot, history: CallHistory, now: number): CallSnapshot {
  const { extension, status, startedAt, seconds, line } = history;
  const isAnswered = status === 'success';
  const talked = call.legs.some(({ talkedAt }) => talkedAt !== null);
  const talkingSince = call.legs.find((leg) => isTalking(leg))?.talkedAt ?? null;
  const from = talkingSince ?? startedAt + (history.wait ?? 0) * 1000;
  const end = call.endedAt ?? Math.min(now, Math.max(from + seconds * 1000, startedAt));
  const legs =
    extension === null || (!isAnswered && talked)
      ? call.legs
      : withLeg(call.legs, extension, (leg) => legAfter(leg ?? newLeg(extension, startedAt), isAnswered, end, seconds));
  const over = ended(
    { ...call, legs, startedAt: Math.min(startedAt, call.startedAt), dialled: call.dialled ?? line },
    end,
  );
  const reason = results[status];
  const isUnanswered = over.state === 'unanswered' && reason !== undefined;
  return {
    ...over,
    // Somebody answered who is none of our telephones.
    state: isAnswered ? 'answered' : over.state,
    result: isUnanswered ? { reason, cause: null } : null,
    recordings: withLink(withoutExpected(call), over, history),
  };
}

function legAfter(leg: CallLeg, isAnswered: boolean, end: number, seconds: number): CallLeg {
  if (!isAnswered) return leg;
  return {
    ...leg,
    talkedAt: leg.talkedAt ?? Math.max(leg.rangAt ?? 0, end - seconds * 1000),
    endedAt: leg.endedAt ?? end,
    outcome: 'answered',
  };
}

function withLink(call: CallSnapshot, { legs }: CallSnapshot, history: CallHistory): readonly CallRecording[] {
  const { link, extension, startedAt, seconds } = history;
  if (link === null || call.recordings.some(({ file }) => file === link)) return call.recordings;
  const leg = legs.findIndex((one) => one.extension === extension && one.talkedAt !== null);
  return [
    ...call.recordings,
    {
      file: link,
      path: null,
      leg: leg < 0 ? null : leg,
      kind: 'call',
      state: 'pending',
      startedAt,
      seconds,
      mime: null,
      bytes: null,
    },
  ];
}
