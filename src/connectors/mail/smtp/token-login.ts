import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { Credentials } from '../imap/credentials.ts';

/**
 * Shows the server a token (XOAUTH2), once: nodemailer's own way shows one that was refused a second time, which servers count as
 * an attack, and forgets what was said of the first.
 */
export function tokenLogin({ user, accessToken }: Required<Pick<Credentials, 'user' | 'accessToken'>>) {
  const oauth2 = new XOAuth2({ user, accessToken });
  return {
    auth: { user, oauth2 },
    /** Rejects where it is not taken; nodemailer adds the answer. */
    handler: async ({ sendCommand }: SMTPConnection.CustomAuthenticationContext): Promise<void> => {
      let { response } = await sendCommand(`AUTH XOAUTH2 ${oauth2.buildXOAuth2Token(accessToken)}`);
      // Why it is refused comes as a challenge, which is to be answered by nothing.
      if (response.startsWith('334')) ({ response } = await sendCommand(''));
      if (!response.startsWith('2')) throw new Error('the token was refused');
    },
  };
}
