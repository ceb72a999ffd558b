import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { Credentials } from '../imap/credentials.ts';

/**
 * Logs in with a token (XOAUTH2) once. nodemailer's own implementation sends a refused token a second time, which servers count as an
 * attack, and drops the answer to the first attempt.
 */
export function tokenLogin({ user, accessToken }: Required<Pick<Credentials, 'user' | 'accessToken'>>) {
  const oauth2 = new XOAuth2({ user, accessToken });
  return {
    auth: { user, oauth2 },
    /** Rejects if the token is refused; nodemailer adds the answer. */
    handler: async ({ sendCommand }: SMTPConnection.CustomAuthenticationContext): Promise<void> => {
      let { response } = await sendCommand(`AUTH XOAUTH2 ${oauth2.buildXOAuth2Token(accessToken)}`);
      // The server sends the cause of a refusal as a challenge, which needs an empty answer.
      if (response.startsWith('334')) ({ response } = await sendCommand(''));
      if (!response.startsWith('2')) throw new Error('the token was refused');
    },
  };
}
