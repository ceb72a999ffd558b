import type { Answering } from '../answering/answering.ts';
import type { Interaction } from '../domain/interaction/interaction.ts';
import type { NextTelephone } from '../outbound/call-commands.ts';
import { summarise } from '../router/summary.ts';
import type { Clock } from '../runtime/clock.ts';

/** Asks routing again where a ringing call goes, without the extensions that were tried. Null if it names no telephone. */
export function nextTelephone(
  answering: Pick<Answering, 'answer'>,
  { party, line }: Interaction,
  tried: readonly string[],
  clock: Clock,
): NextTelephone | null {
  const answer = answering.answer({
    connection: line?.connection ?? null,
    phone: party.phone ?? '',
    line: line?.address ?? null,
    at: clock.now(),
    tried,
    call: null,
  });
  const [first] = answer.managers;
  return first === undefined ? null : { extension: first.extension, route: summarise(answer) };
}
