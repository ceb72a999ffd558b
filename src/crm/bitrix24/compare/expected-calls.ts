import type { LedgerStep } from '../../../domain/delivery/ledger.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import { bestRecording } from '../../shared/best-recording.ts';
import type { ExpectedContact, Facts } from '../../shared/compare/comparable.ts';
import { isAttachable } from '../calls/attach-record.ts';
import { owedSteps, withoutTalk } from '../calls/plan.ts';
import { type FinishedPart, finishedParts, reportedOf } from '../calls/reported.ts';
import { staffOf } from '../calls/staff.ts';
import { type Talk, talksOf } from '../calls/talks.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** The calls of the portal that a call of ours should be: those that were finished, and those that never were. */
export async function expectedCalls(
  call: Interaction,
  steps: readonly LedgerStep[],
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<readonly ExpectedContact[]> {
  if (call.mergedInto !== null) return [];
  const reported = reportedOf(steps);
  const staff = await staffOf(call, parts, signal);
  const talks = talksOf(call, staff);
  const told = finishedParts(reported);
  const isMoved = steps.some(({ step }) => step.startsWith('call '));
  const talkOf = assigned(told, talks);
  const known = told.map((one) => {
    const talk = talkOf.get(one.part) ?? null;
    const outcome =
      talk !== null
        ? { seconds: talk.seconds, status: '200' }
        : told.length === 1 && talks.length === 0
          ? outcomeOf(withoutTalk(call, staff))
          : {};
    const recording = talk === null && talks.length > 0 ? null : bestRecording(call, talk);
    const hasRecord = one.records.length > 0 || (recording !== null && isAttachable(recording, parts.config));
    return expectation(call, one.part, one.result.callId, {
      ...outcome,
      person: String(one.user),
      direction: call.direction === 'inbound' ? 'inbound' : 'outbound',
      ...(!isMoved && isClient(one.result.card) && { client: one.result.card }),
      ...(hasRecord && { recording: true }),
    });
  });
  // Managers may have become other users of the portal since: as many calls as talks are enough.
  const isWhole = told.length > 0 && talks.length <= told.length;
  const missing = isWhole ? [] : owedSteps(call, staff, reported, parts.config).filter(({ kind }) => kind === 'finish');
  return [...known, ...missing.map(({ part }) => expectation(call, part, null, {}))];
}

function expectation({ id, channel }: Interaction, part: number, remote: string | null, facts: Facts): ExpectedContact {
  return { interaction: id, channel, item: `call ${part}`, remote, isDeletable: false, facts };
}

function outcomeOf({ seconds, code }: { readonly seconds: number; readonly code: string }): Facts {
  return { seconds, status: code };
}

/** Cards that stay the same. The portal moves calls from a lead to the client whom the lead becomes. */
function isClient(card: string | null): card is string {
  return card !== null && /^(contact|company)-/.test(card);
}

/** The talks by part: by user, then in order, since a manager may be another user of the portal by now. */
function assigned(told: readonly FinishedPart[], talks: readonly Talk[]): ReadonlyMap<number, Talk> {
  const byPart = new Map<number, Talk>();
  for (const { part, user } of told) {
    const own = talks.find((talk) => talk.user === user);
    if (own !== undefined) byPart.set(part, own);
  }
  if (told.length !== talks.length) return byPart;
  const left = talks.filter((talk) => ![...byPart.values()].includes(talk));
  for (const { part } of told) {
    const next = byPart.has(part) ? undefined : left.shift();
    if (next !== undefined) byPart.set(part, next);
  }
  return byPart;
}
