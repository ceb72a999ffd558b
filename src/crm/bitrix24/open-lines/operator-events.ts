import { eventKey } from '../../../domain/base/ids.ts';
import { type Fields, fields, id, list, number, text } from '../../../runtime/http/fields.ts';
import type { EventHandler, PortalEvent } from '../events/event.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { type OperatorMessage, operatorRemote, operatorStep } from './answered-there.ts';
import { textOfBb } from './bb-text.ts';
import { channelsOf } from './channels.ts';
import { threadOf } from './ids.ts';
import { fetchFiles } from './operator-files.ts';
import { isMarked } from './own-mark.ts';
import { examineChannels } from './registration.ts';
import { rememberSession } from './sessions.ts';
import { tellOperator } from './tell-operator.ts';
import { operatorWords } from './words.ts';

/** Messages at most of one event. */
const maxMessages = 50;

/** A message in an event. */
interface EventMessage {
  readonly at: OperatorMessage;
  readonly thread: string;
  readonly message: Fields;
}

/** Operators wrote to clients (`ONIMCONNECTORMESSAGEADD`): their messages are sent by the connection that the client used. */
export const operatorWrote: EventHandler = async (event, parts) => {
  const failures: unknown[] = [];
  // The portal does not post an event again, so one message must not take the others along.
  for (const one of messagesIn(event, parts)) await sendAnswer(one, parts).catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
};

/** Operators changed messages (`ONIMCONNECTORMESSAGEUPDATE`), which the connector does not offer: they learn that nothing has changed. */
export const operatorChanged: EventHandler = (event, parts) =>
  tellAll(event, parts, operatorWords(parts.config.language).changed);

/** The same for deleted messages (`ONIMCONNECTORMESSAGEDELETE`). */
export const operatorDeleted: EventHandler = (event, parts) =>
  tellAll(event, parts, operatorWords(parts.config.language).deleted);

/** A session began (`ONIMCONNECTORDIALOGSTART`), by which the portal can be asked for the messages of its conversation. */
export const dialogStarted: EventHandler = async ({ data }, parts) => {
  if (!isOurs(id(data.CONNECTOR), parts)) return;
  for (const one of list(data.DATA).slice(0, maxMessages).map(fields)) {
    const [chatId, session] = [id(fields(one.chat).id), id(fields(one.session).id)];
    if (chatId !== null) await rememberSession(chatId, { chat: null, session }, parts);
  }
};

/**
 * An open line was deleted (`ONIMCONNECTORLINEDELETE`), or takes a channel no longer (`ONIMCONNECTORSTATUSDELETE`). What portals post with
 * it differs, so all our channels are looked at.
 */
export const linesChanged: EventHandler = async (_event, parts) => {
  await examineChannels(parts, parts.context.signal);
};

async function sendAnswer({ at, thread, message }: EventMessage, parts: Bitrix24Parts): Promise<void> {
  const { context, config } = parts;
  const written = text(message.text) ?? '';
  if (isMarked(written)) return;
  const user = number(message.user_id);
  const { attachments, links } = await fetchFiles(list(message.files), parts);
  const words = [textOfBb(written), ...links].filter((part) => part !== '').join('\n');
  if (words === '' && attachments.length === 0) return;
  const author = await authorOf(user, parts);
  const name = config.operatorNames ? author.name : null;
  const asked = await context.requestMessage(
    {
      thread,
      manager: author.manager,
      text: name === null ? words : `${name}:\n${words}`.trimEnd(),
      attachments,
      // The portal itself greets clients, and asks for votes.
      ...(user === 0 && { automatic: true as const }),
      key: eventKey(`openline:${context.name}`, `${at.chat} ${at.message}`),
      by: { id: author.manager ?? `${context.name}:user-${user ?? ''}`, name: author.name ?? context.name },
    },
    { step: operatorStep, remote: operatorRemote(at) },
  );
  if (!('refused' in asked)) return;
  context.log.warn({ refused: asked.refused }, 'a message of an operator could not be sent');
  await tellOperator(at.chat, operatorWords(config.language).refused[asked.refused], parts, context.signal);
}

/** The manager who is a user of the portal, and the user's name. An answer goes out even if nobody knows who wrote it. */
async function authorOf(
  user: number | null,
  { users, context }: Bitrix24Parts,
): Promise<{ readonly manager: string | null; readonly name: string | null }> {
  if (user === null || user <= 0) return { manager: null, name: null };
  try {
    const manager = await users.managerOf(user, context.signal);
    const own = context.staff().managers.find((one) => one.id === manager);
    if (own !== undefined) return { manager: own.id, name: own.name };
    const all = await users.all(context.signal);
    return { manager: null, name: all.find((one) => one.id === String(user))?.name ?? null };
  } catch (error) {
    context.log.warn({ err: error, user }, 'could not find out who an operator is');
    return { manager: null, name: null };
  }
}

async function tellAll(event: PortalEvent, parts: Bitrix24Parts, words: string): Promise<void> {
  for (const { at, message } of messagesIn(event, parts))
    if (!isMarked(text(message.text) ?? '')) await tellOperator(at.chat, words, parts, parts.context.signal);
}

/** The messages of an event; empty if it is not of our connectors. Some are posted as `DATA`. */
function messagesIn({ data }: PortalEvent, parts: Bitrix24Parts): readonly EventMessage[] {
  const [connector, line] = [id(data.CONNECTOR), number(data.LINE)];
  if (connector === null || line === null || !isOurs(connector, parts)) return [];
  const given = data.MESSAGES ?? data.DATA;
  return list(given)
    .slice(0, maxMessages)
    .map(fields)
    .flatMap((one) => {
      const im = fields(one.im);
      const [chat, message] = [number(im.chat_id), number(im.message_id)];
      const thread = threadOf(id(fields(one.chat).id) ?? '');
      if (chat === null || message === null || thread === null || thread === '') return [];
      return [{ at: { connector, line, chat, message }, thread, message: fields(one.message) }];
    });
}

function isOurs(connector: string | null, parts: Bitrix24Parts): boolean {
  return channelsOf(parts).some((channel) => channel.connector === connector);
}
