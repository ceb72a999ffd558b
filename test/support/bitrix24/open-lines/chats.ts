import { PortalError, systemErrors } from '../errors.ts';
import type { Call, Method } from '../method.ts';

/** What applications may read and write in the chats of the Open Lines. */
export const chatMethods: readonly Method[] = [
  {
    name: 'imopenlines.session.history.get',
    scopes: ['imopenlines'],
    parameters: ['CHAT_ID', 'SESSION_ID'],
    run: history,
  },
  {
    name: 'im.message.add',
    scopes: ['im'],
    parameters: ['DIALOG_ID', 'MESSAGE', 'SYSTEM', 'ATTACH', 'URL_PREVIEW', 'KEYBOARD', 'MENU'],
    run: addMessage,
  },
];

function history({ core, parameters }: Call) {
  const session = parameters.integer('SESSION_ID');
  // Nobody but the operators takes part in the chat.
  if (session === null) throw systemErrors.accessDenied('You cannot open this conversation');
  const chat = [...core.state.chats.values()].find(({ sessionId }) => sessionId === session);
  if (chat === undefined) throw new PortalError(400, 'CHAT_ID', 'An incorrect chat identifier was provided');
  const message = Object.fromEntries(
    chat.messages.map(({ id, text, externalIds }) => [
      String(id),
      {
        id: String(id),
        chatid: String(chat.id),
        text,
        params: externalIds.length === 0 ? [] : { connectorMid: externalIds },
      },
    ]),
  );
  return { chatId: chat.id, sessionId: session, message };
}

function addMessage({ core, parameters }: Call): number {
  const chat = core.state.chats.get(Number(/^chat(\d+)$/.exec(parameters.text('DIALOG_ID') ?? '')?.[1]));
  const text = parameters.text('MESSAGE');
  if (chat === undefined) throw new PortalError(400, 'CHAT_ID_EMPTY', 'Recipient chat identifier is not specified');
  if (text === null) throw new PortalError(400, 'MESSAGE_EMPTY', 'Message text is not provided');
  if (!parameters.flag('SYSTEM', false))
    parameters.complain('a message that is not of the system would go to the client');
  const id = core.nextId('message');
  const none = { userId: null, externalIds: [], files: [], fetched: [] };
  chat.messages.push({ id, from: 'system', text, at: core.clock.now() / 1000, status: 'sent', ...none });
  return id;
}
