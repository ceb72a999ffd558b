import type { Reason } from '../../../domain/base/reason.ts';
import { cleanText } from '../../../domain/directory/identifiers.ts';
import { reason, reasonText } from '../../../domain/reasons/reasons.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';

/** Trouble of a mailbox that we can name. */
export class MailError extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reasonText(reason));
    this.reason = reason;
  }
}

/** The server refuses until somebody changes something: the password, the token's consent, the folder's name. */
export class MailSetupError extends MailError {}

/** Why a connection to a mailbox failed, without secrets. */
export function troubleOf(error: unknown): Reason {
  if (error instanceof MailError || error instanceof ServiceError) return error.reason;
  const { code, responseText, response, message } = error as {
    code?: string;
    responseText?: string;
    response?: unknown;
    message?: string;
  };
  switch (code) {
    case 'ECONNREFUSED':
      return reason('mailServerRefuses');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return reason('mailServerUnknown');
    case 'CONNECT_TIMEOUT':
    case 'GREETING_TIMEOUT':
    case 'ETIMEDOUT':
      return reason('mailServerSilent');
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return reason('mailCertificateUntrusted');
    case 'NoConnection':
    case 'EConnectionClosed':
      return reason('mailServerClosed');
  }
  return reason('mailServerTrouble', { said: responseText ?? refusalText(response) ?? message ?? null });
}

/** What a server said with its NO or BAD. */
export function refusalText(response: unknown): string | undefined {
  return typeof response === 'string'
    ? cleanText(response.replace(/^\S+ (NO|BAD) (\[[^\]]*\] )?/, ''), 300)
    : undefined;
}
