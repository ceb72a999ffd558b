import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import type { Interaction, Link } from '../../../domain/interaction/interaction.ts';
import type { Ledger } from '../../ledger.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { attachRecord } from './attach-record.ts';
import type { CallAttempt } from './call-attempt.ts';
import { changeCards } from './cards.ts';
import { finishCall } from './finish.ts';
import { type CallStep, owedSteps } from './plan.ts';
import { registerCall } from './register.ts';
import { staffOf } from './staff.ts';
import { partOf, type Told, toldOf } from './told.ts';

/** Delivers the latest state of a call. Rejects with a ServiceError. */
export async function deliverCall(
  call: Interaction,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  if (call.direction === 'internal' && !parts.config.internal) return { kind: 'done', link: null };
  const attempt: CallAttempt = { call, ledger, parts, signal };
  const staff = await staffOf(call, parts, signal);
  const read = async () => toldOf(await ledger.steps());
  /** Each step is tried once: one that the portal can't take stays owed. */
  const tried = new Set<string>();
  const next = (told: Told) => owedSteps(call, staff, told, parts.config).find((step) => !tried.has(keyOf(step)));
  let told = await read();
  for (let step = next(told); step !== undefined; step = next(told)) {
    tried.add(keyOf(step));
    await carryOut(attempt, step, told);
    told = await read();
  }
  return { kind: 'done', link: linkOf(told) };
}

function keyOf(step: CallStep): string {
  return step.kind === 'record' ? `record ${step.part} ${step.recording.id}` : `${step.kind} ${step.part}`;
}

async function carryOut(attempt: CallAttempt, step: CallStep, told: Told): Promise<void> {
  const { registered, finished } = partOf(told, step.part);
  switch (step.kind) {
    case 'register':
      return registerCall(attempt, step);
    case 'cards':
      if (registered?.callId != null) await changeCards(attempt, step, registered.callId);
      return;
    case 'finish':
      return finishCall(attempt, step, registered?.callId ?? null);
    case 'record':
      return attachRecord(attempt, step, finished?.result?.callId ?? '');
  }
}

/** The activity of who talked last. */
function linkOf(told: Told): Link | null {
  const results = [...told].sort(([a], [b]) => b - a).map(([, { finished }]) => finished?.result ?? null);
  const [last] = results.filter((result) => result !== null);
  if (last === undefined) return null;
  return { id: last.activity === null ? null : String(last.activity), url: null, client: last.card, deal: null };
}
