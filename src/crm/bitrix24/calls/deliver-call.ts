import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import type { Interaction, Link } from '../../../domain/interaction/interaction.ts';
import type { Ledger } from '../../ledger.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { attachRecord } from './attach-record.ts';
import { attachTranscript } from './attach-transcript.ts';
import type { CallAttempt } from './call-attempt.ts';
import { changeCards } from './cards.ts';
import { finishCall } from './finish.ts';
import { type CallStep, owedSteps } from './plan.ts';
import { registerCall } from './register.ts';
import { partOf, type Reported, reportedOf } from './reported.ts';
import { staffOf } from './staff.ts';

/** Delivers the latest state of a call. Rejects with a ServiceError. */
export async function deliverCall(
  call: Interaction,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const attempt: CallAttempt = { call, ledger, parts, signal };
  const staff = await staffOf(call, parts, signal);
  const read = async () => reportedOf(await ledger.steps());
  /** Each step is tried once: one that the portal can't take stays owed. */
  const tried = new Set<string>();
  const next = (reported: Reported) =>
    owedSteps(call, staff, reported, parts.config).find((step) => !tried.has(keyOf(step)));
  let reported = await read();
  for (let step = next(reported); step !== undefined; step = next(reported)) {
    tried.add(keyOf(step));
    await carryOut(attempt, step, reported);
    reported = await read();
  }
  return { kind: 'done', link: linkOf(reported) };
}

function keyOf(step: CallStep): string {
  return step.kind === 'record' ? `record ${step.part} ${step.recording.id}` : `${step.kind} ${step.part}`;
}

async function carryOut(attempt: CallAttempt, step: CallStep, reported: Reported): Promise<void> {
  const part = partOf(reported, step.part);
  const { registered, finished } = part;
  switch (step.kind) {
    case 'register':
      return registerCall(attempt, step);
    case 'cards':
      if (registered?.callId != null) await changeCards(attempt, step, registered.callId);
      return;
    case 'finish':
      return finishCall(attempt, step, part);
    case 'record':
      return attachRecord(attempt, step, finished?.result?.callId ?? '');
    case 'transcript':
      return attachTranscript(attempt, step, finished?.result?.callId ?? '');
  }
}

/** The activity of who talked last. */
function linkOf(reported: Reported): Link | null {
  const results = [...reported].sort(([a], [b]) => b - a).map(([, { finished }]) => finished?.result ?? null);
  const [last] = results.filter((result) => result !== null);
  if (last === undefined) return null;
  return { id: last.activity === null ? null : String(last.activity), url: null, client: last.card, deal: null };
}
