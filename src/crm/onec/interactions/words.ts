import { beginning } from '../../../domain/base/clean-text.ts';
import type { Attribution, Interaction } from '../../../domain/interaction/interaction.ts';
import { bodyOf } from '../../shared/body.ts';
import { partyName, titleOf, wordsOf } from '../../shared/words.ts';

const words = wordsOf('ru');
/** Characters of a text at most, and lines about recordings. */
const longestBody = 50_000;
const maxRecordings = 20;

/** What is put into a field that our mark is searched in. */
export function markOf({ id }: Pick<Interaction, 'id'>): string {
  return `Patchbay ${id}`;
}

/** How the party is called: as the directory knows it, else as it presented itself. */
export function nameOf({ contact, client, party }: Interaction): string {
  return contact?.name ?? client?.name ?? partyName(party, words);
}

/** How the party is reached. */
export function addressOf({ party, channel }: Interaction): string {
  const { phone, email, account, raw } = party;
  const known = channel === 'email' ? [email, phone] : [phone, account?.username ?? account?.id, email];
  return known.find((one) => one != null && one !== '') ?? raw;
}

/** The subject of a record: the contact's own, or what it is. */
export function subjectOf(contact: Interaction): string {
  const { channel, state, subject, party } = contact;
  if (channel === 'call' && state === 'missed') return `Пропущенный звонок от ${nameOf(contact)}`;
  const via = channel === 'message' && party.account !== null ? `${party.account.kind}: ` : '';
  return `${via}${subject ?? titleOf(contact, words)}`;
}

/** What a call was, in words: its end, who talked, where it came from, and links to its recordings. */
export function callText(call: Interaction): string {
  const talkers = [
    ...new Set(call.legs.flatMap(({ manager, talkedAt }) => (talkedAt === null ? [] : (manager?.name ?? [])))),
  ];
  const recordings = call.recordings.flatMap(({ kind, state, url }) =>
    state === 'ready' && url !== null
      ? [`${kind === 'voicemail' ? 'Голосовое сообщение' : 'Запись разговора'}: ${url}`]
      : [],
  );
  return lines(
    endOf(call),
    talkers.length === 0 ? null : `Разговаривали: ${talkers.join(', ')}`,
    lineOf(call),
    sourceOf(call.attribution),
    ...recordings.slice(0, maxRecordings),
  );
}

/** The text of a letter, message, form or meeting, with its campaign. */
export function writtenText(contact: Interaction): string {
  const body = bodyOf(contact, contact.attachments, words, longestBody);
  const source = sourceOf(contact.attribution);
  return source === null ? body : `${body}\n\n${source}`;
}

function endOf({ state, talkSeconds, waitSeconds, problem }: Interaction): string {
  const waited = waitSeconds === null ? '' : `, ожидание ${clockText(waitSeconds)}`;
  if (state === 'answered') return `Разговор ${clockText(talkSeconds ?? 0)}${waited}`;
  if (state === 'missed') return `Пропущен${waited}`;
  return `Без ответа${waited}${problem === null ? '' : `: ${beginning(problem, 200)}`}`;
}

function lineOf({ line }: Interaction): string | null {
  return line === null ? null : `${words.line}: ${line.label}`;
}

/** Where a contact came from, as far as it is known. */
export function sourceOf(attribution: Attribution | null): string | null {
  if (attribution === null) return null;
  const { source, medium, campaign, content, term } = attribution;
  const known = [source, medium, campaign, content, term].filter((part) => part !== null && part !== '');
  return known.length === 0 ? null : `Источник: ${known.join(' / ')}`;
}

/** Minutes and seconds. */
function clockText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function lines(...given: readonly (string | null)[]): string {
  return given.filter((line) => line !== null).join('\n');
}
