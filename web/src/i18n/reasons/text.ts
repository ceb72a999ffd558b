import { fillPhrase, type Reason, type ReasonValue, valueText } from '../../../../src/domain/base/reason.ts';
import type { Interaction, TraceStep } from '../../../../src/domain/interaction/interaction.ts';
import { statusReason } from '../../../../src/domain/reasons/mail-status.ts';
import { isReasonCode } from '../../../../src/domain/reasons/reasons.ts';
import { isDoubtful } from '../../../../src/domain/reasons/sending.ts';
import type { UndeliverableAddress } from '../../../../src/domain/written/undeliverable.ts';
import type { Language } from '../words.ts';
import { english } from './english.ts';
import { type Names, russian, russianNames } from './russian.ts';

const phrases = { ru: russian, en: english } as const;
const names: Readonly<Record<Language, Names>> = { ru: russianNames, en: {} };

/** A reason in the user's language; null where this page does not know its code. */
export function reasonText(reason: Reason, language: Language): string | null {
  const { code, values } = reason;
  if (!isReasonCode(code)) return null;
  return fillPhrase(phrases[language][code], values, (value, name) => wordsOf(value, name, language));
}

function wordsOf(value: ReasonValue, name: string, language: Language): string {
  return valueText(
    value,
    (reason) => reasonText(reason, language) ?? reason.code,
    (text) => nameOf(text, name, language),
  );
}

/** A reason in the user's language, else the English text that came with it. */
function textOf(reason: Reason | null | undefined, text: string, language: Language): string {
  return (reason == null ? null : reasonText(reason, language)) ?? text;
}

/** Why something was not sent. Contacts of earlier versions have the English text only. */
export function problemText(
  { problem, problemReason }: Pick<Interaction, 'problem' | 'problemReason'>,
  language: Language,
): string {
  return textOf(problemReason, problem ?? '', language);
}

/** The answer of an outside service, in its own words. Users can quote it to an administrator. */
export function saidOf(reason: Reason | null | undefined): string | undefined {
  const said = reason?.values.said;
  return typeof said === 'string' ? said : undefined;
}

/** Whether to offer sending again: sending failed, or it is unknown whether it succeeded. */
export function maySendAgain({ state, problem, problemReason }: Interaction): boolean {
  if (state === 'failed') return true;
  // Without a code, we cannot decide whether sending again is allowed. The server refuses it if not.
  return problemReason == null ? problem !== null : isDoubtful(problemReason);
}

/** Why a step of the trace applied or did not. Decisions of earlier versions have the English text only. */
export function traceText({ why, reasons }: TraceStep, language: Language): string {
  const texts = (reasons ?? []).map((reason) => reasonText(reason, language));
  return texts.length === 0 || texts.includes(null) ? why : texts.join('; ');
}

/** A step's name; the company's own rules keep theirs. */
export function ruleName(rule: string, language: Language): string {
  return nameOf(rule, 'rule', language);
}

/** What is wrong with a connection, or null. */
export function stateReasonText(
  { reason, stateReason }: { readonly reason: string | null; readonly stateReason: Reason | null },
  language: Language,
): string | null {
  return stateReason === null ? reason : textOf(stateReason, reason ?? '', language);
}

/** Why letters to an address come back, or null where the status says nothing. */
export function undeliverableText({ status }: Pick<UndeliverableAddress, 'status'>, language: Language): string | null {
  return status === '' || status.endsWith('.0.0') ? null : reasonText(statusReason(status), language);
}

function nameOf(text: string, name: string, language: Language): string {
  const own = names[language][name] ?? {};
  return Object.hasOwn(own, text) ? (own[text] ?? text) : text;
}
