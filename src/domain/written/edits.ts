import { beginning } from '../base/clean-text.ts';
import { timeText } from '../base/time-text.ts';
import type { Edit } from '../interaction/message-history.ts';

/** Earlier texts that are kept of one message: the first one, and the latest. */
export const maxEdits = 20;
/** Maximum length of one earlier text. Messengers allow fewer characters. */
export const maxEditLength = 10_000;
/** Maximum length of all earlier texts of a message together. */
export const maxEditsLength = 40_000;

/** The earlier texts after one more edit. Beyond the limits, the oldest but the first are dropped. */
export function withEdit(edits: readonly Edit[], text: string | null, at: number): readonly Edit[] {
  const kept = [...edits, { at: timeText(at), text: text === null ? null : shortened(text) }];
  while (kept.length > 2 && (kept.length > maxEdits || lengthOf(kept) > maxEditsLength)) kept.splice(1, 1);
  return kept;
}

/** When a message was last edited, in milliseconds; 0 if never. */
export function lastEdit(edits: readonly Edit[]): number {
  const last = edits.at(-1);
  return last === undefined ? 0 : Date.parse(last.at);
}

/** Whether the texts differ by more than lines at the end, such as the marks of files that could not be downloaded. */
export function isOtherText(before: string, after: string | null): boolean {
  if (after === null) return true;
  return before !== after && !before.startsWith(`${after}\n`) && !after.startsWith(`${before}\n`);
}

function shortened(text: string): string {
  return text.length > maxEditLength ? `${beginning(text, maxEditLength)}…` : text;
}

function lengthOf(edits: readonly Edit[]): number {
  return edits.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
}
