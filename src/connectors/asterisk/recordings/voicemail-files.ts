import { posix } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import { belowSpool } from './places.ts';
import type { SeenFile, SoundSource } from './source.ts';

/** Folders of a mailbox that a message may have been moved to. */
const folders = ['INBOX', 'Old', 'Urgent', 'Work', 'Family', 'Friends'];
/** Formats that voicemail.conf can have, in the order of preference. */
const formats = ['.wav', '.WAV', '.gsm', '.ulaw', '.alaw', '.ogg', '.flac'];
const maxMessages = 500;
const maxTextBytes = 16_384;
/** Seconds that the clock of the PBX may differ from ours. */
const clockSlack = 90;

/** What a message's `.txt` says. */
export interface MessageFacts {
  /** Seconds since the epoch. */
  readonly origtime: number;
  /** Digits of the caller's number. */
  readonly caller: string;
}

/**
 * The sound of a message that `file` names without an extension, as `VM_MESSAGEFILE` does. The name alone proves nothing: when a
 * message is moved or deleted, the next ones are renumbered. So the `.txt` beside must be of this call; else the other folders
 * of the mailbox are searched.
 */
export async function locateVoicemail(
  source: SoundSource,
  file: string,
  call: CallSnapshot,
  signal: AbortSignal,
): Promise<SeenFile | null> {
  const own = belowSpool(file);
  if (await isOf(source, own, call, signal)) return sound(source, own, signal);
  const mailbox = posix.dirname(posix.dirname(own));
  for (const folder of folders) {
    const directory = posix.join(mailbox, folder);
    const names = (await source.list(directory, signal)) ?? [];
    const messages = names.filter((name) => /^msg\d{4}\.txt$/.test(name)).slice(0, maxMessages);
    for (const message of messages) {
      const stem = posix.join(directory, message.slice(0, -'.txt'.length));
      if (stem !== own && (await isOf(source, stem, call, signal))) return sound(source, stem, signal);
    }
  }
  return null;
}

async function sound(source: SoundSource, stem: string, signal: AbortSignal): Promise<SeenFile | null> {
  for (const format of formats) {
    const seen = await source.look(stem + format, signal);
    if (seen !== null && seen.bytes !== 0) return seen;
  }
  return null;
}

async function isOf(source: SoundSource, stem: string, call: CallSnapshot, signal: AbortSignal): Promise<boolean> {
  const place = `${stem}.txt`;
  if ((await source.look(place, signal)) === null) return false;
  const facts = messageFacts(await text(await source.open(place, signal, maxTextBytes - 1)));
  return facts !== null && isMessageOf(facts, call);
}

/** Whether a message was left in a call: within its time, and by its caller unless that is withheld. */
export function isMessageOf({ origtime, caller }: MessageFacts, call: CallSnapshot): boolean {
  const from = call.startedAt / 1000 - clockSlack;
  const to = (call.endedAt ?? call.startedAt) / 1000 + clockSlack;
  if (origtime < from || origtime > to) return false;
  const party = call.party.raw.replace(/\D/g, '');
  // National and international forms of a number end alike.
  return party === '' || caller === '' || party.slice(-7) === caller.slice(-7);
}

/** Parses the `.txt` beside a message. Null if it has no time. */
export function messageFacts(content: string): MessageFacts | null {
  const values = new Map<string, string>();
  for (const line of content.split('\n', 100)) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim());
  }
  const origtime = Number(values.get('origtime') ?? Number.NaN);
  if (!Number.isFinite(origtime) || origtime <= 0) return null;
  const shown = values.get('callerid') ?? '';
  const open = shown.lastIndexOf('<');
  const number =
    open < 0 ? shown : shown.slice(open + 1, shown.indexOf('>', open) < 0 ? undefined : shown.indexOf('>', open));
  return { origtime, caller: number.replace(/\D/g, '') };
}
