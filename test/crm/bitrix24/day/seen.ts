import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import type { Portal } from '../../../support/bitrix24/portal.ts';
import type { Activity, CardLink, TimelineComment } from '../../../support/bitrix24/state.ts';
import type { Parties } from './parties.ts';

/** What the users of the portal see, by the name of what it is about. Seconds without a name are doubles: `… #2`. */
export type Seen = ReadonlyMap<string, unknown>;

/** What our contacts are, as far as their text in the portal is judged by it. */
export interface Known {
  readonly contacts: ReadonlyMap<string, Interaction>;
  readonly parties: Parties;
  /** The interaction that a sound belongs to. */
  readonly soundOf: (sound: string) => string | null;
}

/** Reads everything that the day has left in the portal. */
export function seenIn(portal: Portal, known: Known): Seen {
  const seen = new Map<string, unknown>();
  const note = (name: string, value: unknown) => {
    let free = name;
    for (let n = 2; seen.has(free); n += 1) free = `${name} #${n}`;
    seen.set(free, value);
  };
  const { state } = portal;
  const cards = (links: readonly CardLink[]) => links.map((link) => cardName(link, portal, known.parties)).toSorted();
  const calls = [...state.statistics.values()].toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  for (const row of calls) {
    const id = row.externalCallId?.split(':')[0] ?? 'without our id';
    const sound = state.records.get(row.callId)?.bytes.toString() ?? null;
    const activity = state.activities.get(row.activityId ?? 0);
    note(`call ${id} of user ${row.userId}`, {
      type: row.type,
      seconds: row.duration,
      code: row.code,
      at: new Date(row.startedAt).toISOString().slice(11, 19),
      on: activity === undefined ? [] : cards(activity.bindings),
      record: sound === null ? 'none' : known.soundOf(sound) === id ? 'its own' : sound,
    });
  }
  for (const activity of state.activities.values()) {
    const { fields, bindings } = activity;
    const text = String(fields.DESCRIPTION ?? '');
    const task = markIn(text);
    const on = cards(bindings);
    if (fields.PROVIDER_ID === 'VOXIMPLANT_CALL') continue;
    if (fields.PROVIDER_ID === 'CRM_TODO')
      note(`to-do ${task}`, { user: String(fields.RESPONSIBLE_ID), completed: fields.COMPLETED, on });
    else note(`record ${String(fields.ORIGIN_ID)}`, { ...activityOf(activity, known), on });
  }
  for (const comment of state.comments.values())
    note(`record ${markIn(comment.text)}`, { ...commentOf(comment, known), on: cards(comment.bindings) });
  for (const lead of portal.cards('LEAD')) {
    note(`lead of ${known.parties.ofLead(lead)}`, {
      source: lead.SOURCE_ID,
      utm: [lead.UTM_SOURCE, lead.UTM_MEDIUM, lead.UTM_CAMPAIGN].map((part) => part ?? null).join(' '),
      user: String(lead.ASSIGNED_BY_ID),
      status: lead.STATUS_ID,
      client: lead.CONTACT_ID ?? lead.COMPANY_ID ?? null,
    });
  }
  for (const { cards: links } of state.traces) for (const name of cards(links)) note(`campaign of ${name}`, 'traced');
  for (const { externalId, shownTo } of state.calls.values())
    if (shownTo.size > 0) note(`open card of ${externalId}`, [...shownTo]);
  return seen;
}

/** A card by its id; a lead by its party. */
function cardName({ kind, id }: CardLink, portal: Portal, parties: Parties): string {
  const card = kind === 'LEAD' ? (portal.card(kind, id)?.fields ?? null) : null;
  return card === null ? `${kind.toLowerCase()}-${id}` : `lead of ${parties.ofLead(card)}`;
}

/** The contact or task that a comment or to-do names in its last line. */
function markIn(text: string): string {
  return /Patchbay ([0-9a-f-]{36})\s*$/.exec(text)?.[1] ?? `unknown: ${text.slice(-60)}`;
}

function activityOf({ fields }: Activity, { contacts }: Known) {
  const contact = contacts.get(String(fields.ORIGIN_ID));
  const description = String(fields.DESCRIPTION ?? '');
  const files = Array.isArray(fields.FILES) ? fields.FILES.length : 0;
  return {
    what: fields.TYPE_ID === '4' || fields.TYPE_ID === 4 ? 'letter' : 'activity',
    direction: Number(fields.DIRECTION),
    user: String(fields.RESPONSIBLE_ID),
    completed: fields.COMPLETED,
    ...saysOf(Number(fields.DESCRIPTION_TYPE) === 3 ? plain(description) : description, contact),
    files,
  };
}

function commentOf({ text, files }: TimelineComment, { contacts }: Known) {
  return { what: 'comment', ...saysOf(text, contacts.get(markIn(text))), files: files.length };
}

/** Whether a record says all that the contact says, and what it says of its fate. */
function saysOf(text: string, contact: Interaction | undefined) {
  const said = squeezed(text);
  const wanted = squeezed(contact?.text ?? '').slice(0, 15_000);
  const fates = ['Deleted by the sender', 'Not delivered', 'Delivered.', 'Read.'].filter((fate) => said.includes(fate));
  return { says: said.includes(wanted) ? 'everything' : `${said} but not ${wanted}`, fate: fates.join(' ') };
}

function plain(html: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html.replaceAll('<br>', '\n').replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name] ?? '');
}

function squeezed(text: string): string {
  return text.replaceAll('\u200b', '').replace(/\s+/g, ' ').trim();
}
