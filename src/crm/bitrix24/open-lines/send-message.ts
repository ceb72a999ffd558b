import { beginning } from '../../../domain/base/clean-text.ts';
import type { ManagerId } from '../../../domain/base/ids.ts';
import type { Attachment, Interaction } from '../../../domain/interaction/interaction.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Ledger } from '../../ledger.ts';
import { fingerprint } from '../api/origin.ts';
import type { Parameters } from '../api/portal.ts';
import { settleByLooking } from '../api/settle.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { bbSafe } from '../written/text.ts';
import { ownerOf, userFor } from '../written/who.ts';
import { wordsOf } from '../written/words.ts';
import type { ConnectedChannel } from './channels.ts';
import { clientOfChat } from './client-of-chat.ts';
import { chatIdOf, clientIdOf, messageIdOf } from './ids.ts';
import { marked } from './own-mark.ts';
import { type Landed, tellPortal } from './portal-messages.ts';
import { findMessage, rememberSession } from './sessions.ts';
import { canFetch, fileAddress } from './shared-files.ts';
import { changeStep, deleteStep, type Sent, sendStep, sentText, type ToldMessage } from './told-message.ts';

/** Time limit of a message with files, which the portal fetches before it answers, in milliseconds. */
const filesTimeout = 60_000;
/** Files at most of one message. */
const maxFiles = 20;

/** A message for the portal. */
export interface Sending {
  readonly contact: Interaction;
  readonly channel: ConnectedChannel;
  readonly ledger: Ledger;
  readonly parts: Bitrix24Parts;
  readonly signal: AbortSignal;
}

/** Sends what the portal does not have yet: the message, or files that were found later. */
export async function sendParts(sending: Sending, told: ToldMessage | null): Promise<void> {
  const { contact } = sending;
  const begun = told?.parts ?? [];
  const open = begun.indexOf(null);
  const number = open >= 0 ? open + 1 : begun.length + 1;
  const sent = new Set(begun.flatMap((part) => part?.files ?? []));
  const files = contact.attachments.filter((file) => !sent.has(printOf(file)));
  if (number > 1 && open < 0 && files.length === 0) return;
  await sendPart(sending, number, files.slice(0, maxFiles));
}

/** Changes what the message says. Repeating that does no harm. */
export async function changeText(sending: Sending, told: ToldMessage): Promise<void> {
  const { contact, ledger } = sending;
  const print = textPrint(contact);
  if (told.text === print || (contact.text ?? '') === '') return;
  await ledger.once({
    name: changeStep(contact.revision, print),
    call: async () => {
      await tell('update', sending, 1, { date: dateOf(contact), text: await textOf(sending, 1) });
      return null;
    },
    settle: async () => ({ done: false }),
  });
}

/** Deletes the message. Repeating that does no harm. */
export async function deleteParts(sending: Sending, told: ToldMessage): Promise<void> {
  await sending.ledger.once({
    name: deleteStep,
    call: async () => {
      for (const index of told.parts.keys()) await takeBack(sending, index + 1);
      return null;
    },
    settle: async () => ({ done: false }),
  });
}

async function sendPart(sending: Sending, part: number, files: readonly Attachment[]): Promise<void> {
  const { contact, ledger, parts, signal } = sending;
  const chatId = chatIdOf(contact);
  const sent = (landed: Landed): Sent => ({ ...landed, text: textPrint(contact), files: files.map(printOf) });
  await ledger.once({
    name: sendStep(part),
    call: async () => {
      const landed = await deliver(sending, part, files);
      parts.lineTroubles.set(sending.channel.key, null);
      await rememberSession(chatId, landed, parts);
      return sentText(sent(landed));
    },
    settle: async (step) => {
      const settled = await settleByLooking(step, parts.context.clock.now(), async () => {
        const found = await findMessage(chatId, messageIdOf(contact, part), parts, signal);
        return found === null ? null : sentText(sent(found));
      });
      // The portal does not recognise a repeat. What may be there is taken back, so that nobody reads it twice.
      if (!settled.done) await takeBack(sending, part);
      return settled;
    },
  });
}

/** Sends a part. Files that the portal can't fetch are named with links. */
async function deliver(sending: Sending, part: number, files: readonly Attachment[]): Promise<Landed> {
  const { contact, parts } = sending;
  const text = await textOf(sending, part);
  const secret = parts.config.app?.clientSecret;
  const date = dateOf(contact);
  const ours = contact.direction === 'outbound' ? await authorOf(sending) : {};
  if (files.length > 0 && secret !== undefined && canFetch(parts)) {
    const given = files.map((file) => ({ url: fileAddress(file, secret, parts), name: file.name }));
    try {
      return await tell('send', sending, part, { date, text, files: given, ...ours });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.trouble !== 'refused') throw error;
    }
  }
  const { file, noText } = wordsOf(parts.config.language);
  const links = files.map(({ name, url }) => bbSafe(`${file}: ${beginning(name, 200)} ${url}`));
  const words = [text, ...links].filter((line) => line !== '').join('\n');
  return tell('send', sending, part, { date, text: words === '' ? noText : words, ...ours });
}

async function tell(
  verb: 'send' | 'update',
  { contact, channel, parts, signal }: Sending,
  part: number,
  message: Parameters,
): Promise<Landed> {
  const item = {
    user: await clientOfChat(contact, parts, signal),
    message: { id: messageIdOf(contact, part), ...message },
    chat: { id: chatIdOf(contact) },
  };
  const hasFiles = message.files !== undefined;
  return tellPortal(verb, channel, item, parts, hasFiles ? { signal, timeout: filesTimeout } : { signal });
}

async function takeBack({ contact, channel, parts, signal }: Sending, part: number): Promise<void> {
  const item = {
    user: { id: clientIdOf(contact) },
    message: { id: messageIdOf(contact, part) },
    chat: { id: chatIdOf(contact) },
  };
  await tellPortal('delete', channel, item, parts, { signal });
}

/** The text as the portal's chat shows it; of further parts there is none. What we wrote is marked. */
async function textOf(sending: Sending, part: number): Promise<string> {
  const { contact, parts } = sending;
  const text = part === 1 ? bbSafe(beginning(contact.text ?? '', parts.config.written.text)) : '';
  return contact.direction === 'outbound' ? marked(`${await nameBefore(sending)}${text}`) : text;
}

/** The author of what we wrote, if the portal does not know them and shows somebody else. */
async function nameBefore({ contact, parts, signal }: Sending): Promise<string> {
  const owner = ownerOf(contact);
  if (owner === null || (await parts.users.of(owner.id as ManagerId, signal)) !== null) return '';
  return `${bbSafe(owner.name)}: `;
}

async function authorOf({ contact, parts, signal }: Sending): Promise<Parameters> {
  return { user_id: await userFor(ownerOf(contact), parts, signal) };
}

function dateOf({ startedAt }: Interaction): number {
  return Math.floor(Date.parse(startedAt) / 1000);
}

function textPrint({ text }: Interaction): string {
  return fingerprint(text ?? '', 12);
}

function printOf({ id }: Attachment): string {
  return id.slice(0, 12);
}
