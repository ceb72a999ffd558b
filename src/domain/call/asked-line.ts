import type { StaffIndex } from '../directory/staff-index.ts';
import { withLineMarks } from '../interaction/attribution.ts';
import type { CallSnapshot } from '../interaction/contact-event.ts';
import type { Attribution, Interaction } from '../interaction/interaction.ts';
import { lineRef } from './call-facts.ts';

/** The called number, or a line's id, that the PBX named when it asked for a route. */
export interface AskedLine {
  readonly connection: string;
  readonly dialled: string;
}

/** What was asked, if it names a configured line. Anything else, such as `s` or a queue, tells nothing about the line. */
export function askedLineOf(
  { connection, line }: { readonly connection: string | null; readonly line: string | null },
  staff: StaffIndex,
): AskedLine | null {
  if (connection === null || line === null || staff.line(connection, line) === null) return null;
  return { connection, dialled: line };
}

/**
 * The call with the first of these lines as the called number, if the PBX's events name no configured line: behind some trunks they
 * contain only `s` or an account, and the dialplan knows the DID.
 */
export function withAskedLine(
  call: CallSnapshot,
  lines: readonly (string | null | undefined)[],
  staff: StaffIndex,
): CallSnapshot {
  if (call.direction !== 'inbound' || staff.line(call.connection, call.dialled) !== null) return call;
  const dialled = lines.find((line) => staff.line(call.connection, line ?? null) !== null);
  return dialled == null ? call : { ...call, dialled };
}

/** Whether an interaction lacks its line, so that the one that was asked for completes it. */
export function lacksLine({ direction, line }: Interaction, { connection }: AskedLine, staff: StaffIndex): boolean {
  return direction === 'inbound' && staff.line(connection, line?.id ?? null) === null;
}

/** The interaction with the line that was asked for, and the attribution that it would have if the number had been dialled. */
export function onAskedLine(
  interaction: Interaction,
  { connection, dialled }: AskedLine,
  visit: Attribution | null,
  staff: StaffIndex,
): Interaction {
  const marks = staff.line(connection, dialled)?.attribution ?? null;
  return {
    ...interaction,
    line: lineRef(staff, connection, dialled),
    attribution: withLineMarks(visit ?? interaction.attribution, marks),
  };
}
