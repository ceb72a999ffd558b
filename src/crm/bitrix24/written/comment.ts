import { number, text } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { bodyOf } from '../../shared/body.ts';
import { titleOf, wordsOf } from '../../shared/words.ts';
import type { Command, Parameters, Portal } from '../api/portal.ts';
import { answered, checkDone, newIdOf, rowsOf } from '../api/rows.ts';
import { type Card, cardText } from '../cards/card.ts';
import { shareFiles } from './files.ts';
import type { Recorder } from './recorder.ts';
import { bbSafe } from './text.ts';

const megabyte = 1024 * 1024;
/** Time limit of a request with files, in milliseconds. */
const filesTimeout = 60_000;

/**
 * Records messages and forms as comments in the timeline. A webhook may not make activities of applications, and
 * comments have no field for an id of ours, so that the last line names the contact.
 */
export const commentRecorder: Recorder = {
  content({ contact, parts }) {
    const { language, written } = parts.config;
    const words = wordsOf(language);
    const title = contact.subject ?? titleOf(contact, words);
    const body = bodyOf(contact, shareFiles(contact, written.files * megabyte).linked, words, written.text);
    return { COMMENT: `[B]${bbSafe(title)}[/B]\n\n${bbSafe(body)}\n\n${markOf(contact.id)}` };
  },
  needsChange: () => false,

  async add(first, content, files, { parts, signal }) {
    const given = { ...entityOf(first), ...content, ...(files.length > 0 && { FILES: files }) };
    const options = files.length === 0 ? { signal } : { signal, timeout: filesTimeout };
    const { result } = await parts.portal.call('crm.timeline.comment.add', { fields: given }, options);
    return { id: newIdOf(result), cards: [first] };
  },

  find: (first, { contact, parts, signal }) => findComment(markOf(contact.id), first, parts.portal, signal),

  async exists(id, _first, { parts, signal }) {
    try {
      await parts.portal.call('crm.timeline.comment.get', { id }, { signal });
      return true;
    } catch (error) {
      if (!isMissing(error)) throw error;
      return false;
    }
  },

  async change(id, content, files, { parts, signal }) {
    const given = { ...content, ...(files !== null && { FILES: files }) };
    checkDone((await parts.portal.call('crm.timeline.comment.update', { id, fields: given }, { signal })).result);
  },

  async move(id, { to, from }, { parts, signal }) {
    // A second binding to the same card is no error, and must not become one.
    const answer = await parts.portal.call('crm.timeline.bindings.list', { filter: { OWNER_ID: id } }, { signal });
    const bound = new Set(rowsOf(answer).map((row) => `${text(row.ENTITY_TYPE)}-${number(row.ENTITY_ID)}`));
    await bindAll(
      id,
      'bind',
      to.filter((card) => !bound.has(cardText(card))),
      parts.portal,
      signal,
    );
    await bindAll(
      id,
      'unbind',
      from.filter((card) => bound.has(cardText(card))),
      parts.portal,
      signal,
    );
  },

  remove: (id, _first, { parts, signal }) => removeComment(id, parts.portal, signal),
};

/** Deletes a comment. A repeat changes nothing. */
export async function removeComment(id: number, portal: Portal, signal: AbortSignal): Promise<void> {
  try {
    checkDone((await portal.call('crm.timeline.comment.delete', { id }, { signal })).result);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'NOT_FOUND';
}

/** The line by which a comment is found again. */
export function markOf(contact: string): string {
  return `Patchbay ${contact}`;
}

/** The comments of ours on a card, the newest first, with their texts. */
export async function* commentsOn(
  card: Card,
  portal: Portal,
  signal: AbortSignal,
): AsyncGenerator<{ readonly id: number; readonly text: string }> {
  const filter = entityOf(card);
  for (let start: number | null = 0; start !== null; ) {
    const parameters = { filter, order: { ID: 'DESC' }, select: ['ID', 'COMMENT'], start };
    const answer = await portal.call('crm.timeline.comment.list', parameters, { signal });
    for (const { ID, COMMENT } of rowsOf(answer)) {
      const [id, words] = [number(ID), text(COMMENT)];
      if (id !== null && words !== null) yield { id, text: words };
    }
    start = answer.next !== null && answer.next > start ? answer.next : null;
  }
}

/** A comment is looked for among the latest ones only. */
const maxLooked = 500;

async function findComment(mark: string, card: Card, portal: Portal, signal: AbortSignal): Promise<number | null> {
  let looked = 0;
  for await (const { id, text } of commentsOn(card, portal, signal)) {
    if (text.includes(mark)) return id;
    looked += 1;
    if (looked >= maxLooked) break;
  }
  return null;
}

async function bindAll(
  id: number,
  verb: 'bind' | 'unbind',
  cards: readonly Card[],
  portal: Portal,
  signal: AbortSignal,
): Promise<void> {
  if (cards.length === 0) return;
  const command = (card: Card): Command => ({
    method: `crm.timeline.bindings.${verb}`,
    parameters: { fields: { OWNER_ID: id, ...entityOf(card) } },
  });
  const commands = Object.fromEntries(cards.map((card) => [cardText(card), command(card)]));
  for (const answer of Object.values(await portal.batch(commands, { signal }))) checkDone(answered(answer).result);
}

function entityOf({ kind, id }: Card): Parameters {
  return { ENTITY_TYPE: kind, ENTITY_ID: id };
}
