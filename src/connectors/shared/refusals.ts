import { cleanText } from '../../domain/directory/identifiers.ts';
import type { messengerPhrases } from '../../domain/reasons/messenger.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { ServiceError, type TroubleKind } from '../../runtime/http/service-error.ts';

/*
 * What a messenger's refusal means, for all of them: each connector maps its service's own codes to these. `refused` is final, and the
 * manager has to do something else; `access` waits for an administrator; `later` is tried again by itself.
 */
const troubles = {
  neverWrote: 'refused',
  blockedUs: 'refused',
  writingForbidden: 'refused',
  chatGone: 'refused',
  accountGone: 'refused',
  notOnService: 'refused',
  appTooOld: 'refused',
  countryUnsupported: 'refused',
  windowClosed: 'refused',
  templateRefused: 'refused',
  deliveryHeldBack: 'refused',
  textTooLong: 'refused',
  kindRefused: 'refused',
  fileRefused: 'refused',
  fileNotReady: 'later',
  rateLimited: 'later',
  providerDown: 'later',
  otherProgram: 'later',
  tokenInvalid: 'access',
  rightMissing: 'access',
  accountBlocked: 'access',
  paymentMissing: 'access',
  webhookMissing: 'access',
} as const satisfies Partial<Record<keyof typeof messengerPhrases, TroubleKind>>;

/** A refusal that messengers have a code of their own for. */
export type Refusal = keyof typeof troubles;

/** What a service said. */
export interface Said {
  /** What the service is called. */
  readonly provider: string;
  /** Its own code of the trouble. */
  readonly error: string | number;
  /** Its own words. */
  readonly words: unknown;
  /** How long it asked to be left alone, in milliseconds. */
  readonly after?: number | null;
}

const maxSaidLength = 200;

/** What a service's code means as a reason; null stands for a code that its connector does not know. */
export function refusalReason(refusal: Refusal | null, { provider, error, words }: Said) {
  const text = typeof words === 'string' ? cleanText(words, maxSaidLength) : '';
  const said = text === '' ? String(error) : `${text} (${error})`;
  if (refusal === null) return reason('refusedByProvider', { provider, error, said: text });
  return reason(refusal, { provider, said });
}

/** The same as trouble of the service. */
export function refusal(known: Refusal | null, said: Said): ServiceError {
  const trouble = known === null ? 'refused' : troubles[known];
  const after = trouble === 'later' ? (said.after ?? null) : null;
  return new ServiceError(trouble, refusalReason(known, said), after, String(said.error));
}
