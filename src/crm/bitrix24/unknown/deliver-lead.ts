import { beginning } from '../../../domain/base/clean-text.ts';
import type { ManagerId } from '../../../domain/base/ids.ts';
import type { AttemptResult } from '../../../domain/delivery/destination.ts';
import type { Lead } from '../../../domain/follow-up/follow-up.ts';
import { reason } from '../../../domain/reasons/reasons.ts';
import { number } from '../../../runtime/http/fields.ts';
import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { Ledger } from '../../ledger.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import { service } from '../api/errors.ts';
import { originator, partyOrigin } from '../api/origin.ts';
import type { Parameters } from '../api/portal.ts';
import { answered, checkDone, rowsOf } from '../api/rows.ts';
import { type Card, cardOf, cardText } from '../cards/card.ts';
import { clientCards } from '../cards/client-cards.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { awaitCard } from './await-card.ts';
import { canBeMade } from './settings.ts';

const cardStep = 'lead card';

/**
 * Gives the portal's lead (or deal) the state of ours: who took it, and its stage once it is qualified or rejected.
 * The contacts themselves make the card. Rejects with a ServiceError.
 */
export async function deliverLead(
  lead: Lead,
  ledger: Ledger,
  parts: Bitrix24Parts,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const done: AttemptResult = { kind: 'done', link: null };
  if (lead.state === 'open') return done;
  const card = await cardFor(lead, ledger, parts, signal);
  if (card === null) {
    // One that is taken is still being worked on, and the contact that makes its card may be delivered later.
    if (lead.state === 'taken' && canBeMade(parts.config)) await awaitCard(ledger, parts.context);
    return done;
  }
  const fields = await fieldsFor(lead, card, parts, signal);
  if (Object.keys(fields).length === 0) return done;
  await ledger.once({
    name: `lead ${lead.revision} ${cardText(card)} ${fingerprint(JSON.stringify(fields), 12)}`,
    call: async () => {
      const { result } = await parts.portal.call(`crm.${card.kind}.update`, { id: card.id, fields }, { signal });
      checkDone(result);
      return null;
    },
    settle: async () => ({ done: false }),
  });
  return done;
}

/** The newest card that was made of the party; the first one found stays. */
async function cardFor(
  lead: Lead,
  ledger: Ledger,
  { portal }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<Card | null> {
  const known = await ledger.find(cardStep);
  if (known?.state === 'done') return cardOf(known.remote ?? '');
  const origin = partyOrigin(lead);
  if (origin === null) return null;
  const parameters = {
    filter: { ORIGINATOR_ID: originator, ORIGIN_ID: origin },
    order: { ID: 'DESC' },
    select: ['ID'],
  };
  const answers = await portal.batch(
    { lead: { method: 'crm.lead.list', parameters }, deal: { method: 'crm.deal.list', parameters } },
    { signal },
  );
  const found = (['lead', 'deal'] as const).flatMap((kind): Card[] => {
    const id = number(rowsOf(answered(answers[kind]))[0]?.ID);
    return id === null ? [] : [{ kind, id }];
  });
  const [card] = found;
  if (card === undefined) return null;
  const remote = cardText(card);
  await ledger.once({ name: cardStep, call: async () => remote, settle: async () => ({ done: true, remote }) });
  return card;
}

async function fieldsFor(lead: Lead, card: Card, parts: Bitrix24Parts, signal: AbortSignal): Promise<Parameters> {
  const { context, users } = parts;
  const user = lead.takenBy === null ? null : await users.of(lead.takenBy.id as ManagerId, signal);
  const clients = lead.client === null ? [] : clientCards(context.name, { client: lead.client, contact: null });
  // The directory has read the portal's lead, which nobody has qualified by that.
  const isItself = clients.some(({ kind }) => kind === 'lead');
  const stage = isItself ? null : await stageFor(lead, card, parts, signal);
  const name = card.kind === 'lead' ? 'STATUS_ID' : 'STAGE_ID';
  const [client] = clients.filter(({ kind }) => kind === 'contact' || kind === 'company');
  const why = lead.state === 'rejected' && card.kind === 'lead' ? lead.reason : null;
  return {
    ...(user !== null && { ASSIGNED_BY_ID: user.id }),
    ...(stage !== null && { [name]: stage }),
    ...(why !== null && why !== '' && { STATUS_DESCRIPTION: beginning(why, 250) }),
    ...(client !== undefined && { [`${client.kind.toUpperCase()}_ID`]: client.id }),
  };
}

/** The stage of a qualified or rejected lead; null if it keeps its own. */
async function stageFor(
  { state }: Lead,
  { kind }: Card,
  { config, dictionary }: Bitrix24Parts,
  signal: AbortSignal,
): Promise<string | null> {
  if (state !== 'qualified' && state !== 'rejected') return null;
  const usual = state === 'qualified' ? null : kind === 'lead' ? 'JUNK' : 'LOSE';
  const stage = config.stages[state] ?? usual;
  if (stage === null) return null;
  const known = await dictionary.statuses(kind === 'lead' ? 'STATUS' : 'DEAL_STAGE', signal);
  // Stages of further pipelines, such as `C1:LOSE`, are in directories of their own.
  if (known.has(stage) || stage.includes(':')) return stage;
  throw new ServiceError('refused', reason('stageUnknown', { service, stage }));
}
