import { reason } from '../../../domain/reasons/reasons.ts';
import { type Fields, fields, id, list, word } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { service } from '../api/errors.ts';
import type { Parameters } from '../api/portal.ts';
import type { Bitrix24Parts } from '../parts.ts';
import type { ConnectedChannel } from './channels.ts';

/** The code of the error that the open line does not take messages of the channel. */
export const lineInactive = 'NOT_ACTIVE_LINE';

/** Codes of errors about a connector or a line that the portal does not know (any more). */
const connectorGone: ReadonlySet<string | null> = new Set([
  lineInactive,
  'IMCONNECTOR_NO_CORRECT_PROVIDER',
  'IMCONNECTOR_COULD_NOT_GET_PROVIDER_OBJECT',
  'IMCONNECTOR_NOT_SPECIFIED_CORRECT_CONNECTOR',
]);

/** A message in the portal: its chat, and the session of the chat that it belongs to. Null if the portal does not say. */
export interface Landed {
  readonly chat: string | null;
  readonly session: string | null;
}

/** Methods that take messages of the outside. */
type Verb = 'send' | 'update' | 'delete';

/**
 * Sends, changes or deletes one message. The portal reports most errors with a status of success. Rejects with a ServiceError, whose
 * code is {@link lineInactive} if the line does not take the channel.
 */
export async function tellPortal(
  verb: Verb,
  { connector, line, label }: ConnectedChannel,
  message: Parameters,
  { portal }: Pick<Bitrix24Parts, 'portal'>,
  options: { readonly signal: AbortSignal; readonly timeout?: number },
): Promise<Landed> {
  const parameters = { CONNECTOR: connector, LINE: line, MESSAGES: [message] };
  const inactive = () =>
    new ServiceError('access', reason('openLineInactive', { service, channel: label, line }), null, lineInactive);
  const { result } = await portal.call(`imconnector.${verb}.messages`, parameters, options).catch((error: unknown) => {
    throw error instanceof ServiceError && connectorGone.has(error.code) ? inactive() : error;
  });
  const { SUCCESS, DATA } = fields(result);
  if (SUCCESS === false) throw inactive();
  const [told] = list(fields(DATA).RESULT).map(fields);
  if (SUCCESS !== true || told === undefined) throw new ServiceError('unknown', reason('answerUnclear', { service }));
  if (told.SUCCESS === false) throw new ServiceError('refused', refusal(told));
  const session = fields(told.session);
  return { chat: id(session.CHAT_ID), session: id(session.ID) };
}

/** Rejects an answer that does not report success. */
export function checkSuccess(result: unknown): void {
  if (fields(result).SUCCESS !== true) throw new ServiceError('unknown', reason('answerUnclear', { service }));
}

function refusal({ ERRORS }: Fields) {
  const said = word(list(ERRORS)[0], 200) ?? '';
  return reason('methodRefused', { service, error: said, said });
}
