import { englishPhrases, type ReasonCode } from '../../../../src/domain/reasons/reasons.ts';

/** The English phrase of every reason: the same as the API's. */
export const english: Readonly<Record<ReasonCode, string>> = englishPhrases;
