import type { PortalCore } from '../core.ts';
import { addCard, cardsOfPhone } from '../crm/card-changes.ts';
import { PortalError } from '../errors.ts';
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
function each(act: (item: Item) => Fields | Promise<Fields>): Method['run'] {
  return async (call) => {
    const channel = channelOf(call);
    const messages = messagesOf(call);
    // The server looks at the line first, and answers with HTTP 200.
    if (channel.connector.lines.get(channel.line)?.isActive !== true || !call.core.state.openLines.has(channel.line))
      return { SUCCESS: false, DATA: [] };
    const results: Fields[] = [];
    for (const { user, message, chat } of messages) {
      if (!isFields(user) || !isFields(message) || !isFields(chat))
        throw new PortalError(400, '100', 'The incorrect structure of a message inside MESSAGES parameter.');
      const errors = faultsOf(call, { user, message, chat });
      if (errors.length > 0) results.push({ user, message, chat, SUCCESS: false, ERRORS: errors });
      else results.push(await act({ call, ...channel, user, message, chat }));
    }
    return { SUCCESS: true, DATA: { RESULT: results } };
  };
}

function faultsOf(
  { parameters }: Call,
  { user, message, chat }: Readonly<Record<'user' | 'message' | 'chat', Fields>>,
): readonly string[] {
  const errors: string[] = [];
  if ((textOf(user.id) ?? '') === '') errors.push('user.id is not specified');
  if ((textOf(chat.id) ?? '') === '') errors.push('chat.id is not specified');
  for (const [name, value] of [
    ['user.id', user.id],
    ['chat.id', chat.id],
  ] as const)
    if ((textOf(value) ?? '').includes('|')) parameters.complain(`${name} holds the portal's separator`);
  if ((textOf(message.id) ?? '') === '') parameters.complain('message.id is not specified');
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

async function send({ call, connector, line, user, message, chat }: Item): Promise<Fields> {
  const { core } = call;
  if (!/^\d+$/.test(textOf(message.date) ?? '')) call.parameters.complain('message.date should be a time in seconds');
  const files = (itemsOf(message.files) ?? []).map((file) => (isFields(file) ? file : {}));
  const fetched = (await Promise.all(files.map(fetchFile))).filter((file) => file !== null);
  const text = textOf(message.text) ?? '';
  // A file that can't be fetched is left out.
  if (text === '' && fetched.length === 0)
    return { user, message, chat, SUCCESS: false, ERRORS: ['Not all the required data has been provided'] };
  const found = chatOf(core, connector, line, user, chat);
  const author = message.user_id === undefined ? null : Number(textOf(message.user_id));
  if (author !== null && !core.state.users.has(author)) call.parameters.complain('message.user_id is no user');
  found.client = user;
  const made: ChatMessage = {
    id: core.nextId('message'),
    from: author === null ? 'client' : 'operator',
    userId: author,
    externalIds: [textOf(message.id) ?? ''],
    text,
    files: files.map(({ url }) => textOf(url) ?? ''),
    fetched,
    at: Number(textOf(message.date) ?? core.clock.now() / 1000),
    status: 'sent',
  };
  found.messages.push(made);
  const isTracked = message.disable_crm !== 'Y' && connector.fields.CHAT_GROUP !== true;
  if (isTracked) track(core, user);
  if (author !== null && core.options.echoesOwnMessages === true) {
    const echoed = {
      im: { chat_id: found.id, message_id: made.id },
      message: { user_id: author, text },
      chat: { id: found.externalId },
    };
    core.raise('ONIMCONNECTORMESSAGEADD', { CONNECTOR: connector.id, LINE: line, MESSAGES: [echoed] }, author);
  }
  return {
    user: textOf(user.id),
    message: { id: textOf(message.id), date: {}, text, files: [] },
    chat: { id: textOf(chat.id), name: textOf(chat.name) },
    SUCCESS: true,
    session: { ID: String(found.sessionId), CHAT_ID: String(found.id) },
  };
}

async function fetchFile({ url, name }: Fields): Promise<{ readonly name: string; readonly content: string } | null> {
  const answer = await fetch(textOf(url) ?? '').catch(() => null);
  if (answer?.ok !== true) return null;
  return { name: textOf(name) ?? '', content: await answer.text() };
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
  core.raise('ONIMCONNECTORDIALOGSTART', dialogEvent(made), 1);
  return made;
}

/** The data of an event about a dialogue. */
export function dialogEvent({ connector, line, externalId, sessionId }: Chat): Fields {
  const dialog = {
    connector: { connector_id: connector, line_id: line, chat_id: externalId, user_id: 0 },
    session: { id: sessionId, closed: 'N', parent_id: 0, close_term: 10 },
    chat: { id: externalId },
    user: { id: 0 },
  };
  return { CONNECTOR: connector, LINE: String(line), DATA: [dialog] };
}

/** The CRM tracker: an unknown client with a phone becomes a lead, or a contact where there are no leads. */
function track(core: PortalCore, user: Fields): void {
  const phone = textOf(user.phone);
  if (phone === null || cardsOfPhone(core, phone).length > 0) return;
  const kind = core.options.leads === false ? 'CONTACT' : 'LEAD';
  const fields = { TITLE: textOf(user.name) ?? phone, NAME: textOf(user.name) ?? '', PHONE: [{ VALUE: phone }] };
  addCard(core, kind, fields, 1);
}

/** The messages with an outside id. An id that is not known is no error. */
function messagesWith({ call, connector, message, chat }: Item): readonly ChatMessage[] {
  const id = textOf(message.id);
  return [...call.core.state.chats.values()]
    .filter((one) => one.connector === connector.id && one.externalId === textOf(chat.id))
    .flatMap(({ messages }) => messages)
    .filter(({ externalIds }) => externalIds[0] === id);
}

function update(item: Item): Fields {
  const { user, message, chat } = item;
  const text = textOf(message.text) ?? '';
  if (text === '')
    return { user, message, chat, SUCCESS: false, ERRORS: ['Not all the required data has been provided'] };
  for (const found of messagesWith(item)) if (found.status !== 'deleted') found.text = text;
  return { user: textOf(user.id), message, chat, SUCCESS: true };
}

function remove(item: Item): Fields {
  const { user, message, chat } = item;
  for (const found of messagesWith(item)) found.status = 'deleted';
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
