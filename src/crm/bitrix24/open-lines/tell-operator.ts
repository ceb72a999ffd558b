import { asServiceError } from '../../../runtime/http/service-error.ts';
import type { Bitrix24Parts } from '../parts.ts';

/**
 * Shows a notice to the operators in a chat. It is a message of the system, which the portal does not pass on to the client. Somebody
 * who may not write there can't show it: then the failure is seen at our desk only.
 */
export async function tellOperator(
  chat: number,
  text: string,
  { portal, context }: Pick<Bitrix24Parts, 'portal' | 'context'>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const parameters = { DIALOG_ID: `chat${chat}`, MESSAGE: text, SYSTEM: 'Y', URL_PREVIEW: 'N' };
    await portal.call('im.message.add', parameters, { signal });
  } catch (error) {
    const { trouble } = asServiceError(error);
    if (trouble !== 'refused' && trouble !== 'access') throw error;
    context.log.warn({ err: error }, 'could not show a notice to the operators of an open line');
  }
}
