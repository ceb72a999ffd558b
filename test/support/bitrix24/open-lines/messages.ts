import type { PortalCore } from '../core.ts';
import { addCard, cardsOfPhone } from '../crm/card-changes.ts';
import type { Call, Method } from '../method.ts';
import type { Chat, ChatMessage, Connector } from '../state.ts';
import { type Fields, isFields, itemsOf, textOf } from '../values.ts';
import { channelOf, messagesOf } from './connectors.ts';

const userFields = 'id last_name name picture url gender email phone skip_phone_validate'.split(' ');
const messageFields = 'id date text files disable_crm user_id'.split(' ');

/** Messages between an outside messenger and the operators. */
export const messageMethods: readonly Method[] = [
  { name: 'imconnector.send.messages', run: each(send) },
  { name: 'imconnector.update.messages', run: each(update) },
  { name: 'imconnector.delete.messages', run: each(remove) },
  { name: 'imconnector.send.status.delivery', run: (call: Call) => setStatus(call, 'delivered') },
  { name: 'imconnector.send.status.reading', run: (call: Call) => setStatus(call, 'read') },
].map((method) => ({
  ...method,
  scopes: ['imconnector'],
  appOnly: true,
  parameters: ['CONNECTOR', 'LINE', 'MESSAGES'],
}));

/** One message of a call. */
interface Item {
  readonly call: Call;
  readonly connector: Connector;
  readonly line: number;
  readonly user: Fields;
  readonly message: Fields;
  readonly chat: Fields;
}

/** Applies to each item; one that fails reports its errors without failing the call. */
function each(act: (item: Item) => Fields): Method['run'] {
  return (call) => {
    const channel = channelOf(call);
    const results = messagesOf(call).map(({ user, message, chat }) => {
      const blocks = {
        user: isFields(user) ? user : {},
        message: isFields(message) ? message : {},
        chat: isFields(chat) ? chat : {},
      };
      const errors = faultsOf(call, channel, blocks);
      if (errors.length > 0) return { ...blocks, SUCCESS: false, ERRORS: errors };
      return act({ call, ...channel, ...blocks });
    });
    return { SUCCESS: true, DATA: { RESULT: results } };
  };
}

function faultsOf(
  { parameters }: Call,
  { connector, line }: { readonly connector: Connector; readonly line: number },
  { user, message, chat }: Readonly<Record<'user' | 'message' | 'chat', Fields>>,
): readonly string[] {
  const errors: string[] = [];
  if (connector.lines.get(line)?.isActive !== true) errors.push('The connector is not active on this line');
  if ((textOf(user.id) ?? '') === '') errors.push('user.id is not specified');
  if ((textOf(chat.id) ?? '') === '') errors.push('chat.id is not specified');
  for (const name of ['name', 'last_name']) {
    const text = textOf(user[name]) ?? '';
    if (text.length > 25 || /[^\p{L}\p{M} '’-]/u.test(text))
      parameters.complain(`user.${name} may hold 25 letters, spaces, hyphens and apostrophes`);
  }
  for (const name of Object.keys(user))
    if (!userFields.includes(name)) parameters.complain(`unknown field user.${name}`);
  for (const name of Object.keys(message))
    if (!messageFields.includes(name)) parameters.complain(`unknown field message.${name}`);
  for (const name of Object.keys(chat))
    if (!['id', 'name', 'url'].includes(name)) parameters.complain(`unknown field chat.${name}`);
  return errors;
}

function send({ call, connector, line, user, message, chat }: Item): Fields {
  const { core } = call;
  const files = (itemsOf(message.files) ?? []).map((file) => textOf((file as Fields).url) ?? '');
  const text = textOf(message.text) ?? '';
  if (text === '' && files.length === 0)
    return { user, message, chat, SUCCESS: false, ERRORS: ['The message is empty'] };
  const found = chatOf(core, connector, line, user, chat);
  found.messages.push({
    id: core.nextId('message'),
    from: 'client',
    externalIds: [textOf(message.id) ?? ''],
    text,
    files,
    at: Number(textOf(message.date) ?? core.clock.now() / 1000),
    status: 'sent',
  });
  const isTracked = message.disable_crm !== 'Y' && connector.fields.CHAT_GROUP !== true;
  if (isTracked) track(core, user);
  return {
    user: textOf(user.id),
    message: { id: textOf(message.id), date: {}, text, files: [] },
    chat: { id: textOf(chat.id), name: textOf(chat.name) },
    SUCCESS: true,
    session: { ID: String(found.sessionId), CHAT_ID: String(found.id) },
  };
}

/** In a one-to-one chat the client is the key, in a group the chat. */
function chatOf(core: PortalCore, connector: Connector, line: number, user: Fields, chat: Fields): Chat {
  const isGroup = connector.fields.CHAT_GROUP === true;
  const key = isGroup ? textOf(chat.id) : textOf(user.id);
  const known = [...core.state.chats.values()].find(
    (one) =>
      one.connector === connector.id && one.line === line && (isGroup ? one.externalId : textOf(one.client.id)) === key,
  );
  if (known !== undefined) return known;
  const made: Chat = {
    id: core.nextId('chat'),
    sessionId: core.nextId('session'),
    connector: connector.id,
    line,
    externalId: textOf(chat.id) ?? '',
    client: user,
    name: textOf(chat.name) ?? '',
    messages: [],
  };
  core.state.chats.set(made.id, made);
  const data = { connector: { connector_id: connector.id, line_id: String(line), chat_id: made.externalId } };
  core.raise('ONIMCONNECTORDIALOGSTART', data, 1);
  return made;
}

/** The CRM tracker: an unknown client with a phone becomes a lead, or a contact where there are no leads. */
function track(core: PortalCore, user: Fields): void {
  const phone = textOf(user.phone);
  if (phone === null || cardsOfPhone(core, phone).length > 0) return;
  const kind = core.options.leads === false ? 'CONTACT' : 'LEAD';
  const fields = { TITLE: textOf(user.name) ?? phone, NAME: textOf(user.name) ?? '', PHONE: [{ VALUE: phone }] };
  addCard(core, kind, fields, 1);
}

function messageOf({ call, connector, message }: Item): ChatMessage | null {
  const id = textOf(message.id);
  const chats = [...call.core.state.chats.values()].filter((chat) => chat.connector === connector.id);
  return (
    chats.flatMap(({ messages }) => messages).find((one) => one.from === 'client' && one.externalIds[0] === id) ?? null
  );
}

function update(item: Item): Fields {
  const { user, message, chat } = item;
  const found = messageOf(item);
  if (found === null) return { user, message, chat, SUCCESS: false, ERRORS: ['The message is not found'] };
  found.text = textOf(message.text) ?? found.text;
  return { user: textOf(user.id), message, chat, SUCCESS: true };
}

function remove(item: Item): Fields {
  const { user, message, chat } = item;
  const found = messageOf(item);
  if (found === null) return { user, message, chat, SUCCESS: false, ERRORS: ['The message is not found'] };
  found.status = 'deleted';
  return { user: textOf(user.id), message, chat, SUCCESS: true };
}

/** Marks operators' messages by the ids of their event. Delivery takes the outside ids, as an array even for one. */
function setStatus(call: Call, status: 'delivered' | 'read'): Fields {
  channelOf(call);
  for (const { im, message } of messagesOf(call)) {
    const ids = isFields(message) ? itemsOf(message.id) : null;
    if (ids === null) call.parameters.complain('message.id should be an array');
    const found = isFields(im)
      ? call.core.state.chats.get(Number(im.chat_id))?.messages.find(({ id }) => id === Number(im.message_id))
      : undefined;
    if (found === undefined) {
      call.parameters.complain('im names no message');
      continue;
    }
    if (ids !== null && ids.length > 0) found.externalIds = ids.map((id) => textOf(id) ?? '');
    if (found.status !== 'deleted' && found.status !== 'read') found.status = status;
  }
  return { SUCCESS: true, DATA: [] };
}
