import { leadKey, maxContactAge } from '../../../domain/follow-up/follow-up.ts';
import type { Fields } from '../../../runtime/http/fields.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import { quoted, referenceOf } from '../api/literals.ts';
import { ownKey } from '../api/own-key.ts';
import type { Attempt } from '../interactions/attempt.ts';
import { type Creation, create, find, settleCreation } from '../interactions/create.ts';
import { onecOwner } from '../interactions/owner.ts';
import type { Pointer } from '../interactions/planned.ts';
import type { Mapping } from '../metadata/mapping.ts';
import { type LeadSources, leadFields, leadSet, requestFields, requestSet } from './lead-fields.ts';

/** How configurations keep leads, and the attribute in which our mark is found again. */
const kinds: readonly {
  readonly set: string;
  readonly markedIn: string;
  readonly plan: (sources: LeadSources) => Fields;
}[] = [
  { set: leadSet, markedIn: 'Комментарий', plan: leadFields },
  { set: requestSet, markedIn: 'ИДСобытия', plan: requestFields },
];

const sourceSet = 'Catalog_ИсточникиПривлеченияПокупателей';
const leadStep = 'lead';
/** How many leads may be made at once. Those of one party exclude each other. */
const lanes = 64;

/**
 * The lead of somebody unknown: made at most once for all contacts of a party, if the settings say so. Null if there is
 * none. Rejects with a ServiceError.
 */
export async function keepLead(mapping: Mapping, attempt: Attempt): Promise<Pointer | null> {
  const { contact, ledger, parts } = attempt;
  const kind = kinds.find(({ set }) => mapping.hasSet(set));
  const party = leadKey(contact);
  if (kind === undefined || party === null) return null;
  const { set, markedIn } = kind;
  const begun = await ledger.find(leadStep);
  if (begun === null && !isWanted(attempt)) return null;
  if (begun !== null && begun.state !== 'done' && contact.match.outcome === 'matched') return null;
  const key = ownKey(parts.context.name, set, party);
  const creation = async (): Promise<Creation> => ({
    set,
    key,
    fields: kind.plan(await sourcesOf(key, mapping, attempt)),
    markedIn,
    mark: key,
    around: null,
  });
  const lane = Number.parseInt(fingerprint(party, 8), 16) % lanes;
  const remote = await ledger.once({
    name: leadStep,
    call: () =>
      parts.context.lease.hold(`leads-${lane}`, async (held) => {
        const signal = AbortSignal.any([attempt.options.signal, held]);
        const inTime = { ...attempt, options: { ...attempt.options, signal } };
        const wanted = await creation();
        // Another contact of the same party may have made it.
        return (await find(wanted, inTime)) ?? (await create(wanted, inTime)).key;
      }),
    settle: async ({ at }) => settleCreation(await creation(), at, attempt),
  });
  const found = referenceOf(remote);
  return found === null ? null : { set, key: found };
}

function isWanted({ contact, parts }: Attempt): boolean {
  const { direction, automatic, match, startedAt } = contact;
  const isStranger = match.outcome === 'unknown' && match.decidedBy === 'auto';
  const isRecent = parts.context.clock.now() - Date.parse(startedAt) < maxContactAge;
  return parts.config.unknown === 'lead' && isStranger && direction === 'inbound' && automatic === null && isRecent;
}

async function sourcesOf(mark: string, mapping: Mapping, { contact, parts, options }: Attempt): Promise<LeadSources> {
  const owner = await onecOwner(contact, parts, options.signal);
  const named = contact.attribution?.source ?? null;
  const filter = named === null ? null : `Description eq ${quoted(named)} and DeletionMark eq false`;
  const sources =
    filter === null || !mapping.hasSet(sourceSet)
      ? []
      : await parts.base.list(sourceSet, { select: ['Ref_Key'], filter, top: 1 }, options);
  return {
    contact,
    mapping,
    responsible: owner?.responsible ?? null,
    mark,
    timezone: parts.timezone,
    source: referenceOf(sources[0]?.Ref_Key),
  };
}
