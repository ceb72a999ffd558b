import type { ClientCard, DeskAlarm, ScreenPop } from '../../../src/desk/protocol.ts';
import { isCallAt } from '../../../src/domain/call/calls-at.ts';
import type { Presence } from '../../../src/domain/call/device.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { dayOf } from '../parts/format.ts';

/** An open card: the interaction as it is now, and its client's card once that is loaded. */
export interface OpenCard {
  readonly interaction: Interaction;
  readonly card: ClientCard | null;
}

/** The connection to the server; `full`: the user has too many pages open. */
export type Link = 'connecting' | 'online' | 'offline' | 'full';

/** Everything that the desk shows. */
export interface DeskState {
  /** The manager whose desk it is, or null. */
  readonly manager: string | null;
  readonly link: Link;
  /** Open cards, the newest first. */
  readonly cards: readonly OpenCard[];
  /** Calls under way whose cards the user has closed. They stay closed. */
  readonly dismissed: readonly string[];
  /** Known interactions of this manager, the newest first. */
  readonly known: readonly Interaction[];
  readonly alarms: readonly DeskAlarm[];
  readonly presence: readonly Presence[];
}

/** Changes of the desk. */
export type DeskAction =
  | { readonly type: 'link'; readonly link: Link }
  /** The server's greeting, with the calls under way. */
  | { readonly type: 'greeted'; readonly calls: readonly ScreenPop[] }
  /** The known interactions may belong to another database and are dropped; open cards stay. */
  | { readonly type: 'reset' }
  | { readonly type: 'pop'; readonly interaction: Interaction; readonly card: ClientCard | null }
  | { readonly type: 'update'; readonly interaction: Interaction }
  | { readonly type: 'known'; readonly interactions: readonly Interaction[] }
  | { readonly type: 'card'; readonly interaction: string; readonly card: ClientCard | null }
  | { readonly type: 'alarms'; readonly alarms: readonly DeskAlarm[] }
  | { readonly type: 'presence'; readonly whole: boolean; readonly managers: readonly Presence[] }
  | { readonly type: 'open'; readonly interaction: Interaction }
  | { readonly type: 'close'; readonly id: string };

/** Open cards; beyond that the oldest ended ones are closed. */
const maxCards = 6;
/** Known interactions; no manager has more in a day. */
const maxKnown = 600;

/** The desk of a manager before the first message. */
export function emptyDesk(manager: string | null, dismissed: readonly string[] = []): DeskState {
  return { manager, link: 'connecting', cards: [], dismissed, known: [], alarms: [], presence: [] };
}

/** The desk after a change. Revisions never go back, whatever the order of messages. */
export function reduceDesk(state: DeskState, action: DeskAction): DeskState {
  switch (action.type) {
    case 'link':
      return { ...state, link: action.link };
    case 'greeted':
      return action.calls.reduce(
        (next, { interaction, client }) => withCard(take(next, interaction), interaction.id, client),
        state,
      );
    case 'reset':
      return { ...state, known: [] };
    case 'pop': {
      const { interaction, card } = action;
      const next = take(withoutDismissal(state, interaction.id), interaction);
      return withCard(opened(next, interaction), interaction.id, card);
    }
    case 'update':
      return take(state, action.interaction);
    case 'known':
      return action.interactions.reduce(take, state);
    case 'card':
      return withCard(state, action.interaction, action.card);
    case 'alarms':
      return { ...state, alarms: action.alarms };
    case 'presence':
      return { ...state, presence: action.whole ? action.managers : merged(state.presence, action.managers) };
    case 'open':
      return opened(withoutDismissal(state, action.interaction.id), action.interaction);
    case 'close': {
      const closed = state.cards.find(({ interaction }) => interaction.id === action.id);
      const cards = state.cards.filter((card) => card !== closed);
      return {
        ...state,
        cards,
        dismissed: closed?.interaction.endedAt === null ? [...state.dismissed, action.id] : state.dismissed,
      };
    }
  }
}

/** Takes in an interaction unless a later revision is known. A call that is at this manager now gets a card. */
function take(state: DeskState, interaction: Interaction): DeskState {
  const known = state.known.find(({ id }) => id === interaction.id);
  if (known !== undefined && known.revision >= interaction.revision) return state;
  const rest = state.known.filter(({ id }) => id !== interaction.id);
  const isGone = interaction.mergedInto !== null;
  const next = {
    ...state,
    known: isGone ? rest : newestFirst([interaction, ...rest]),
    cards: state.cards
      .map((card) => (isOlder(card.interaction, interaction) ? { ...card, interaction } : card))
      .filter((card) => card.interaction.mergedInto === null),
  };
  const needsCard = state.manager !== null && isCallAt(interaction, state.manager);
  return needsCard && !state.dismissed.includes(interaction.id) ? opened(next, interaction) : next;
}

function isOlder(one: Interaction, other: Interaction): boolean {
  return one.id === other.id && one.revision < other.revision;
}

/** Adds a card in front of the others, unless the interaction has one. */
function opened(state: DeskState, interaction: Interaction): DeskState {
  if (state.cards.some((card) => card.interaction.id === interaction.id)) return state;
  // REST may have brought a later revision already.
  const latest = state.known.find(({ id }) => id === interaction.id) ?? interaction;
  const cards = [{ interaction: latest, card: null }, ...state.cards];
  return { ...state, cards: cards.filter((card, i) => i < maxCards || card.interaction.endedAt === null) };
}

function withCard(state: DeskState, id: string, card: ClientCard | null): DeskState {
  return { ...state, cards: state.cards.map((one) => (one.interaction.id === id ? { ...one, card } : one)) };
}

function withoutDismissal(state: DeskState, id: string): DeskState {
  return { ...state, dismissed: state.dismissed.filter((one) => one !== id) };
}

function merged(all: readonly Presence[], changes: readonly Presence[]): readonly Presence[] {
  const states = new Map(changes.map((one) => [one.manager.id, one]));
  return all.map((one) => states.get(one.manager.id) ?? one);
}

function newestFirst(interactions: readonly Interaction[]): readonly Interaction[] {
  return [...interactions].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, maxKnown);
}

/** The call under way that an empty desk shows: the one that is talked, else one that rings. */
export function liveCall(cards: readonly OpenCard[], manager: string | null): Interaction | null {
  if (manager === null) return null;
  const live = cards.map(({ interaction }) => interaction).filter((one) => isCallAt(one, manager));
  return live.find(({ state }) => state === 'talking') ?? live[0] ?? null;
}

/**
 * Whether a card that pops up takes the place of the one in front. Nobody is torn away from a talk by another call, nor from
 * any card by a letter or message. `isFree`: the desk is open with no card in front.
 */
export function takesFront({ channel }: Interaction, front: Interaction | null, isFree: boolean): boolean {
  if (front?.state === 'talking') return false;
  return channel === 'call' || isFree;
}

/** Today's calls, in the company's time zone, that rang at this manager or were handled by them. */
export function callsOfDay(
  known: readonly Interaction[],
  manager: string,
  now: Date,
  timezone: string,
): readonly Interaction[] {
  const today = dayOf(now, timezone);
  return known.filter(
    ({ channel, startedAt, handledBy, legs }) =>
      channel === 'call' &&
      (handledBy?.id === manager || legs.some((leg) => leg.manager?.id === manager)) &&
      dayOf(new Date(startedAt), timezone) === today,
  );
}
