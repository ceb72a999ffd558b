import { number } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import { originator } from '../api/origin.ts';
import type { Command, Parameters, Portal } from '../api/portal.ts';
import { answered, checkDone, newIdOf, rowsOf } from '../api/rows.ts';
import type { Card } from '../cards/card.ts';
import { activityContent, clientCard, communicationsOf, newActivity, wouldBeSent } from './activity-fields.ts';
import type { Enclosed } from './files.ts';
import { bindCommand, changeCommunications, isBound, moveActivity } from './move-activity.ts';
import type { Added, Recorder, Recording } from './recorder.ts';

/** Time limit of a request with files, in milliseconds. The portal itself gives up after a minute. */
const filesTimeout = 60_000;

/**
 * Records contacts as activities: letters, meetings and, if there is a provider for them, messages and forms.
 *
 * A change leaves communications out: with them, the portal would take the activity off all cards but its owner and the client.
 * The portal sends an outgoing letter that is added as completed. So it is added as open, and completed by a change,
 * which sends nothing.
 */
export const activityRecorder: Recorder = {
  content: activityContent,
  needsChange: wouldBeSent,
  add: addActivity,

  async find(_first, { contact, parts, signal }) {
    const answer = await parts.portal.call(
      'crm.activity.list',
      {
        filter: { ORIGINATOR_ID: originator, ORIGIN_ID: contact.id },
        order: { ID: 'DESC' },
        select: ['ID', 'ORIGIN_ID'],
      },
      { signal },
    );
    return number(rowsOf(answer).find(({ ORIGIN_ID }) => ORIGIN_ID === contact.id)?.ID);
  },

  exists: (id, _first, { parts, signal }) => hasActivity(id, parts.portal, signal),

  async change(id, { COMMUNICATIONS: _, ...content }, files, { parts, signal }) {
    const fields = files === null ? content : { ...content, ...filesField(files) };
    checkDone((await parts.portal.call('crm.activity.update', { id, fields }, optionsFor(files ?? [], signal))).result);
  },

  async move(id, move, recording) {
    const { cards, parts, signal } = recording;
    await moveActivity(id, move, parts.portal, signal);
    const client = clientCard(cards);
    if (client !== null && move.to.includes(client))
      await changeCommunications(id, communicationsOf(recording), cards, parts.portal, signal);
  },
  remove: (id, _first, { parts, signal }) => removeActivity(id, parts.portal, signal),
};

/** Deletes an activity. A repeat changes nothing. */
export async function removeActivity(id: number, portal: Portal, signal: AbortSignal): Promise<void> {
  try {
    checkDone((await portal.call('crm.activity.delete', { id }, { signal })).result);
  } catch (error) {
    const isRefused = error instanceof ServiceError && error.trouble === 'refused';
    if (!isRefused || (await hasActivity(id, portal, signal))) throw error;
  }
}

/** The owner and the client get it with its adding. The others are bound in the same request, unless it has files. */
async function addActivity(
  first: Card,
  content: Parameters,
  files: readonly Enclosed[],
  recording: Recording,
): Promise<Added> {
  const { cards, parts, signal } = recording;
  const fields = { ...newActivity(recording, first, content), ...(files.length > 0 && filesField(files)) };
  const client = clientCard(cards);
  const others = cards.filter((card) => card !== first && card !== client);
  // The portal would replace what looks like a result's name in a batch.
  if (others.length === 0 || files.length > 0 || JSON.stringify(content).includes('$result')) {
    const { result } = await parts.portal.call('crm.activity.add', { fields }, optionsFor(files, signal));
    return { id: newIdOf(result), cards: cards.filter((card) => !others.includes(card)) };
  }
  const commands: Record<string, Command> = { add: { method: 'crm.activity.add', parameters: { fields } } };
  for (const [index, card] of others.entries()) commands[`bind${index}`] = bindCommand('$result[add]', card);
  const { add, ...bound } = await parts.portal.batch(commands, { signal });
  if (add === undefined) throw new Error('expected an answer for each command');
  const id = newIdOf(answered(add).result);
  return { id, cards: cards.filter((card) => !others.includes(card) || isBound(bound[`bind${others.indexOf(card)}`])) };
}

function filesField(files: readonly Enclosed[]): Parameters {
  return { FILES: files.map((file) => ({ fileData: file })) };
}

function optionsFor(files: readonly Enclosed[], signal: AbortSignal) {
  return files.length === 0 ? { signal } : { signal, timeout: filesTimeout };
}

/** Whether the portal has an activity. */
export async function hasActivity(id: number, portal: Portal, signal: AbortSignal): Promise<boolean> {
  const answer = await portal.call('crm.activity.list', { filter: { ID: id }, select: ['ID'] }, { signal });
  return rowsOf(answer).length > 0;
}
