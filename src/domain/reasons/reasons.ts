import { fillPhrase, type PhraseValues, type Reason, valueText } from '../base/reason.ts';
import { connectionPhrases } from './connection.ts';
import { mailStatusPhrases } from './mail-status.ts';
import { messengerPhrases } from './messenger.ts';
import { routePhrases } from './route.ts';
import { sendingPhrases } from './sending.ts';
import { servicePhrases } from './service.ts';

/** The phrases of each subject; a code stands in one of them only. */
export const phraseTables = {
  route: routePhrases,
  sending: sendingPhrases,
  messenger: messengerPhrases,
  mailStatus: mailStatusPhrases,
  service: servicePhrases,
  connection: connectionPhrases,
} as const;

/** Every reason there is, with its English phrase; `{name}` stands for a value. */
export const englishPhrases = {
  ...routePhrases,
  ...sendingPhrases,
  ...messengerPhrases,
  ...mailStatusPhrases,
  ...servicePhrases,
  ...connectionPhrases,
} as const;

/** A code of a reason. */
export type ReasonCode = keyof typeof englishPhrases;

/** Makes a reason. The compiler asks for the values of its phrase; `said` is what an outside service answered. */
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

/** A reason in English, as the API and logs tell it. */
export function reasonText({ code, values }: Reason): string {
  const text = isReasonCode(code)
    ? fillPhrase(englishPhrases[code], values, (value) => valueText(value, reasonText))
    : code;
  return typeof values.said === 'string' ? `${text}: ${values.said}` : text;
}

/** Several reasons in English, one after the other. */
export function reasonsText(reasons: readonly Reason[]): string {
  return reasons.map(reasonText).join('; ');
}

/** Reasons as one; null where there are none. */
export function together(reasons: readonly Reason[]): Reason | null {
  const [only, ...others] = reasons;
  if (only === undefined) return null;
  return others.length === 0 ? only : reason('several', { reasons });
}
