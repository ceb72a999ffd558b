import { cleanText } from '../../domain/directory/identifiers.ts';
import type { messengerPhrases } from '../../domain/reasons/messenger.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import { ServiceError, type TroubleKind } from '../../runtime/http/service-error.ts';

/*
 * The effects of refusals, common to all messengers. Each connector maps the codes of its service to these reasons. `refused` is final,
 * and the manager has to do something else. `access` needs an administrator. `later` is retried automatically.
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
  templateUnknown: 'refused',
  templateChanged: 'refused',
  templatePaused: 'refused',
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

/** The code of a refusal. */
export type Refusal = keyof typeof troubles;

/** The error in an answer of a service. */
export interface Said {
  /** The name of the service. */
  readonly provider: string;
  /** The service's error code. */
  readonly error: string | number;
  /** The service's error message. */
  readonly words: unknown;
  /** Milliseconds to wait before the next request, if the service asked for it. */
  readonly after?: number | null;
}

const maxSaidLength = 200;

/** The reason for an error of a service; `refusal` is null if the connector does not know its code. */
export function refusalReason(refusal: Refusal | null, { provider, error, words }: Said) {
  const text = typeof words === 'string' ? cleanText(words, maxSaidLength) : '';
  const said = text === '' ? String(error) : `${text} (${error})`;
  if (refusal === null) return reason('refusedByProvider', { provider, error, said: text });
  return reason(refusal, { provider, said });
}

/** The error of a service as a ServiceError. */
export function refusal(known: Refusal | null, said: Said): ServiceError {
  const trouble = known === null ? 'refused' : troubles[known];
  const after = trouble === 'later' ? (said.after ?? null) : null;
  return new ServiceError(trouble, refusalReason(known, said), after, String(said.error));
}
