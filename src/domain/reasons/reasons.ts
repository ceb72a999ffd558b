import { fillPhrase, type PhraseValues, type Reason, valueText } from '../base/reason.ts';
import { controlPhrases } from './call-control.ts';
import { connectionPhrases } from './connection.ts';
import { crmPhrases } from './crm.ts';
import { crmRecordPhrases } from './crm-records.ts';
import { mailStatusPhrases } from './mail-status.ts';
import { messengerPhrases } from './messenger.ts';
import { recordingPhrases } from './recording.ts';
import { routePhrases } from './route.ts';
import { sendingPhrases } from './sending.ts';
import { servicePhrases } from './service.ts';

/** The phrases by subject. Each code is in exactly one table. */
export const phraseTables = {
  route: routePhrases,
  sending: sendingPhrases,
  messenger: messengerPhrases,
  mailStatus: mailStatusPhrases,
  service: servicePhrases,
  connection: connectionPhrases,
  control: controlPhrases,
  recording: recordingPhrases,
  crmRecords: crmRecordPhrases,
  crm: crmPhrases,
} as const;

/** All reasons with their English phrases; `{name}` is a placeholder for a value. */
export const englishPhrases = {
  ...routePhrases,
  ...sendingPhrases,
  ...messengerPhrases,
  ...mailStatusPhrases,
  ...servicePhrases,
  ...connectionPhrases,
  ...controlPhrases,
  ...recordingPhrases,
  ...crmRecordPhrases,
  ...crmPhrases,
} as const;

/** The code of a reason. */
export type ReasonCode = keyof typeof englishPhrases;

/** Creates a reason. The compiler requires the values of its phrase; `said` is the answer of an outside service. */
export function reason<Code extends ReasonCode>(
  code: Code,
  ...[given]: PhraseValues<(typeof englishPhrases)[Code]>
): Reason {
  const { said, ...values } = (given ?? {}) as Reason['values'] & { readonly said?: string | null };
  return { code, values: said == null || said === '' ? values : { ...values, said } };
}

/** Whether this version knows a code: a newer one may have stored others. */
export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(englishPhrases, code);
}

/** A reason in English, for the API and logs. */
export function reasonText({ code, values }: Reason): string {
  const text = isReasonCode(code)
    ? fillPhrase(englishPhrases[code], values, (value) => valueText(value, reasonText))
    : code;
  return typeof values.said === 'string' ? `${text}: ${values.said}` : text;
}

/** Several reasons in English, separated by semicolons. */
export function reasonsText(reasons: readonly Reason[]): string {
  return reasons.map(reasonText).join('; ');
}

/** Combines reasons into one; null if there are none. */
export function together(reasons: readonly Reason[]): Reason | null {
  const [only, ...others] = reasons;
  if (only === undefined) return null;
  return others.length === 0 ? only : reason('several', { reasons });
}
