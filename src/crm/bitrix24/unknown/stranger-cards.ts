import type { LedgerStep } from '../../../domain/delivery/ledger.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { Ledger, Settled } from '../../ledger.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import { partyOrigin } from '../api/origin.ts';
import { settleByLooking } from '../api/settle.ts';
import { type Card, cardOf, cardText } from '../cards/card.ts';
import { distinct } from '../cards/client-cards.ts';
import type { Bitrix24Parts } from '../parts.ts';
import { findStranger, type Search } from './find-stranger.ts';
import { makeStranger } from './make-stranger.ts';
import { settingFor } from './settings.ts';
import { skipCampaign, traceCampaign } from './trace.ts';

/** Contacts older than this many days make nothing, such as the history of a mailbox. */
export const maxAgeDays = 7;
const maxAge = maxAgeDays * 86_400_000;
/** How many strangers may be made at once. Those of one party exclude each other. */
const lanes = 64;

/** The ledger's steps: cards that were found, and that were made. */
const foundStep = 'stranger found';
export const madeStep = 'stranger made';
export const strangerSteps: readonly string[] = [foundStep, madeStep];
/** The ledger's step for cards that were made and are to be made again, since they are gone. */
export const lostStep = 'stranger lost';

/**
 * The cards of somebody whom our directory does not know: as found in the portal, or made there. Once an interaction
 * has cards, it keeps them.
 */
export async function strangerCards(
  interaction: Interaction,
  make: boolean,
  parts: Omit<Bitrix24Parts, 'cards'>,
  signal: AbortSignal,
): Promise<readonly Card[]> {
  const ledger = parts.context.ledger({ kind: 'interaction', interaction });
  const made = await ledger.find(madeStep);
  if (made?.state === 'done') {
    const cards = cardsOf(made.remote);
    await traceCampaign(interaction, cards, ledger, parts, signal);
    return cards;
  }
  const found = await ledger.find(foundStep);
  const known = found?.state === 'done' ? cardsOf(found.remote) : null;
  // A person has said that it is none of the clients. It may still be somebody who is in work.
  if (isDenied(interaction)) return known?.some(({ kind }) => kind === 'lead' || kind === 'deal') ? known : [];
  if (known !== null) return known;
  const origin = partyOrigin(interaction);
  if (origin === null) return [];
  const setting = settingFor(interaction, parts.config.unknownOn) ?? parts.config.unknown;
  // The portal looks for the numbers of calls itself.
  if (interaction.channel === 'call' && (setting === 'none' || parts.config.calls.create)) return [];
  const search = { origin, party: interaction.party, as: await madeAs(interaction, parts, signal) };
  if (made === null) {
    const { cards, missing } = await findStranger(search, parts.portal, signal);
    if (missing.length === 0) return keep(cards, ledger);
    if (!make || setting === 'none' || !mayMake(interaction, parts)) return cards;
  }
  return makeCards(interaction, search, ledger, parts, signal);
}

/** What is made of somebody unknown, unless the settings say that nothing is. */
async function madeAs(
  interaction: Interaction,
  { config, dictionary }: Pick<Bitrix24Parts, 'config' | 'dictionary'>,
  signal: AbortSignal,
): Promise<Search['as']> {
  const setting = settingFor(interaction, config.unknownOn) ?? config.unknown;
  return setting === 'deal' || !(await dictionary.hasLeads(signal)) ? 'deal' : 'lead';
}

/** Finds out whether the cards were made of somebody who has become known, or was denied, before that was certain. */
export async function settleStranger(
  interaction: Interaction,
  step: LedgerStep,
  parts: Pick<Bitrix24Parts, 'config' | 'context' | 'dictionary' | 'portal'>,
  signal: AbortSignal,
): Promise<Settled> {
  const origin = partyOrigin(interaction);
  if (origin === null) return { done: false };
  const search = { origin, party: interaction.party, as: await madeAs(interaction, parts, signal) };
  return settleByLooking(step, parts.context.clock.now(), () => look(search, parts, signal));
}

/** The cards of somebody unknown as the ledger keeps them; null if they are not all there. */
async function look(
  search: Search,
  { portal }: Pick<Bitrix24Parts, 'portal'>,
  signal: AbortSignal,
): Promise<string | null> {
  const { cards, missing } = await findStranger(search, portal, signal);
  return missing.length > 0 ? null : textOf(cards);
}

/** The cards of a stranger by the steps of an interaction's ledger, and those of them that were made. */
export function strangerOf(steps: readonly LedgerStep[]): {
  readonly cards: readonly Card[];
  readonly made: readonly Card[];
} {
  const of = (name: string) =>
    cardsOf(steps.find(({ step, state }) => step === name && state === 'done')?.remote ?? null);
  const made = of(madeStep);
  return { made, cards: made.length > 0 ? made : of(foundStep) };
}

/** Whether nothing is made of a contact any more. */
export function isTooOld(
  { startedAt }: Pick<Interaction, 'startedAt'>,
  { clock }: Pick<Bitrix24Parts['context'], 'clock'>,
): boolean {
  return clock.now() - Date.parse(startedAt) >= maxAge;
}

/** Whether a person has decided that a contact belongs to no client. */
export function isDenied({ match }: Pick<Interaction, 'match'>): boolean {
  return match.outcome === 'unknown' && match.decidedBy === 'human';
}

function mayMake(interaction: Interaction, { context }: Pick<Bitrix24Parts, 'context'>) {
  const { direction, automatic, mergedInto } = interaction;
  const isHuman = direction === 'inbound' && automatic === null && mergedInto === null;
  return isHuman && !isTooOld(interaction, context);
}

async function keep(cards: readonly Card[], ledger: Ledger): Promise<readonly Card[]> {
  const remote = textOf(cards);
  await ledger.once({ name: foundStep, call: async () => remote, settle: async () => ({ done: true, remote }) });
  return cards;
}

async function makeCards(
  interaction: Interaction,
  search: Search,
  ledger: Ledger,
  parts: Omit<Bitrix24Parts, 'cards'>,
  signal: AbortSignal,
): Promise<readonly Card[]> {
  const { context, portal } = parts;
  const lane = Number.parseInt(fingerprint(search.origin, 8), 16) % lanes;
  const remote = await ledger.once({
    name: madeStep,
    call: () =>
      context.lease.hold(`strangers-${lane}`, async (held) => {
        const inTime = AbortSignal.any([signal, held]);
        // Another contact of the same party may have made it meanwhile.
        const found = await findStranger(search, portal, inTime);
        if (found.missing.length === 0) await skipCampaign(ledger);
        return textOf(await makeStranger(interaction, { ...search, ...found }, parts, inTime));
      }),
    settle: (step) =>
      settleByLooking(step, context.clock.now(), async () => {
        const found = await look(search, parts, signal);
        if (found !== null) await skipCampaign(ledger);
        return found;
      }),
  });
  const cards = cardsOf(remote);
  await traceCampaign(interaction, cards, ledger, parts, signal);
  return cards;
}

function textOf(cards: readonly Card[]): string {
  return cards.map(cardText).join(',');
}

function cardsOf(text: string | null): readonly Card[] {
  const cards = (text ?? '').split(',').map(cardOf);
  return distinct(cards.filter((card) => card !== null));
}
