import type { ClientCard, DeskAlarm } from '../../src/desk/protocol.ts';
import type { Presence } from '../../src/domain/call/device.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { dayOf } from './format.ts';

/** A call on the desk: the interaction as it is now, and the card that came with the pop. */
export interface DeskCall {
  readonly interaction: Interaction;
  readonly card: ClientCard | null;
}

/** What the desk shows. */
export interface DeskState {
  readonly online: boolean;
  /** Calls with a card, the newest first. */
  readonly calls: readonly DeskCall[];
  /** What is known of this manager's interactions, the newest first; {@link callsOfDay} picks what is shown. */
  readonly known: readonly Interaction[];
  readonly alarms: readonly DeskAlarm[];
  readonly presence: readonly Presence[];
  readonly selected: string | null;
}

/** What changes it. */
export type DeskAction =
  | { readonly type: 'online'; readonly online: boolean }
  /** What is held may be another database's: it goes, but for the calls that still stand open as cards. */
  | { readonly type: 'reset' }
  | { readonly type: 'pop'; readonly interaction: Interaction; readonly card: ClientCard | null }
  | { readonly type: 'update'; readonly interaction: Interaction }
  | { readonly type: 'known'; readonly interactions: readonly Interaction[] }
  | { readonly type: 'card'; readonly interaction: string; readonly card: ClientCard | null }
  | { readonly type: 'alarms'; readonly alarms: readonly DeskAlarm[] }
  | { readonly type: 'presence'; readonly whole: boolean; readonly managers: readonly Presence[] }
  | { readonly type: 'open'; readonly call: DeskCall }
  | { readonly type: 'select'; readonly id: string }
  | { readonly type: 'close'; readonly id: string };

/** Calls with a card kept open at once; the oldest ended ones go. */
const mostCards = 6;
/** Interactions kept; more than anybody has in a day. */
const mostKnown = 600;

/** A desk with nothing on it. */
export const emptyDesk: DeskState = { online: false, calls: [], known: [], alarms: [], presence: [], selected: null };

/** The desk after something happened. Revisions never go back, whatever order messages come in. */
export function reduceDesk(state: DeskState, action: DeskAction): DeskState {
  switch (action.type) {
    case 'online':
      return { ...state, online: action.online };
    case 'reset':
      return { ...state, known: [] };
    case 'pop': {
      const next = take(state, action.interaction);
      if (next.calls.some((call) => call.interaction.id === action.interaction.id))
        return withCard(next, action.interaction.id, action.card);
      // REST may have known a later revision before the pop came.
      const interaction = next.known.find((one) => one.id === action.interaction.id) ?? action.interaction;
      const calls = bounded([{ interaction, card: action.card }, ...next.calls]);
      // Whoever talks, or has anything open while somebody merely writes, is not torn away from it.
      const busy = state.calls.some(
        (call) =>
          call.interaction.id === state.selected &&
          (call.interaction.state === 'talking' || interaction.channel !== 'call'),
      );
      return { ...next, calls, selected: busy ? state.selected : interaction.id };
    }
    case 'update':
      return take(state, action.interaction);
    case 'known':
      // A slow answer never undoes an update that overtook it.
      return action.interactions.reduce((known, interaction) => take(known, interaction), state);
    case 'card':
      return withCard(state, action.interaction, action.card);
    case 'alarms':
      return { ...state, alarms: action.alarms };
    case 'presence':
      return { ...state, presence: action.whole ? action.managers : changed(state.presence, action.managers) };
    case 'open': {
      const others = state.calls.filter((call) => call.interaction.id !== action.call.interaction.id);
      return { ...state, calls: bounded([action.call, ...others]), selected: action.call.interaction.id };
    }
    case 'select':
      return { ...state, selected: action.id };
    case 'close': {
      const calls = state.calls.filter((call) => call.interaction.id !== action.id);
      const selected = state.selected === action.id ? (calls[0]?.interaction.id ?? null) : state.selected;
      return { ...state, calls, selected };
    }
  }
}

function changed(all: readonly Presence[], news: readonly Presence[]): readonly Presence[] {
  const states = new Map(news.map((one) => [one.manager.id, one]));
  return all.map((one) => states.get(one.manager.id) ?? one);
}

function take(state: DeskState, interaction: Interaction): DeskState {
  const known = state.known.find((one) => one.id === interaction.id);
  const stale = known !== undefined && known.revision >= interaction.revision;
  const rest = state.known.filter((one) => one.id !== interaction.id);
  const shown = interaction.mergedInto === null;
  return {
    ...state,
    known: stale ? state.known : newest(shown ? [interaction, ...rest] : rest),
    calls: state.calls
      .map((call) =>
        call.interaction.id === interaction.id && call.interaction.revision < interaction.revision
          ? { ...call, interaction }
          : call,
      )
      .filter((call) => call.interaction.mergedInto === null),
  };
}

/** The first cards, and every one whose call is not over. */
function bounded(calls: readonly DeskCall[]): readonly DeskCall[] {
  return calls.filter((call, i) => i < mostCards || call.interaction.endedAt === null);
}

function withCard(state: DeskState, id: string, card: ClientCard | null): DeskState {
  return { ...state, calls: state.calls.map((call) => (call.interaction.id === id ? { ...call, card } : call)) };
}

function newest(interactions: readonly Interaction[]): readonly Interaction[] {
  return [...interactions].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, mostKnown);
}

/** The calls of the present day in the company's zone that rang at this manager or were handled by them. */
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
