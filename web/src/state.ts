import type { ClientCard, DeskAlarm } from '../../src/desk/protocol.ts';
import type { Interaction } from '../../src/domain/interaction.ts';

/** A call on the desk: the interaction as it is now, and the card that came with the pop. */
export interface DeskCall {
  readonly interaction: Interaction;
  readonly card: ClientCard | null;
}

/** What the desk shows. */
export interface DeskState {
  readonly online: boolean;
  /** The highest number seen; what a reconnect resumes from. Null before the first hello. */
  readonly seq: number | null;
  /** Calls with a card, the newest first. */
  readonly calls: readonly DeskCall[];
  /** This manager's calls of today, the newest first. */
  readonly today: readonly Interaction[];
  readonly alarms: readonly DeskAlarm[];
  readonly selected: string | null;
}

/** What changes it. */
export type DeskAction =
  | { readonly type: 'online'; readonly online: boolean }
  | { readonly type: 'seq'; readonly seq: number }
  | { readonly type: 'pop'; readonly seq: number; readonly interaction: Interaction; readonly card: ClientCard | null }
  | { readonly type: 'update'; readonly seq: number; readonly interaction: Interaction }
  | { readonly type: 'today'; readonly interactions: readonly Interaction[] }
  | { readonly type: 'card'; readonly interaction: string; readonly card: ClientCard | null }
  | { readonly type: 'alarms'; readonly alarms: readonly DeskAlarm[] }
  | { readonly type: 'open'; readonly call: DeskCall }
  | { readonly type: 'select'; readonly id: string }
  | { readonly type: 'close'; readonly id: string };

/** Calls with a card kept open at once; the oldest ended ones go. */
const mostCards = 6;

/** A desk with nothing on it. */
export const emptyDesk: DeskState = { online: false, seq: null, calls: [], today: [], alarms: [], selected: null };

/** The desk after something happened. Revisions never go back, whatever order messages come in. */
export function reduceDesk(state: DeskState, action: DeskAction): DeskState {
  switch (action.type) {
    case 'online':
      return { ...state, online: action.online };
    case 'seq':
      return { ...state, seq: Math.max(state.seq ?? 0, action.seq) };
    case 'pop': {
      const next = take(state, action.seq, action.interaction);
      if (next.calls.some((call) => call.interaction.id === action.interaction.id))
        return withCard(next, action.interaction.id, action.card);
      // REST may have known a later revision before the pop came.
      const interaction = next.today.find((one) => one.id === action.interaction.id) ?? action.interaction;
      const calls = bounded([{ interaction, card: action.card }, ...next.calls]);
      const busy = state.calls.some(
        (call) => call.interaction.id === state.selected && call.interaction.state === 'talking',
      );
      return { ...next, calls, selected: busy ? state.selected : interaction.id };
    }
    case 'update':
      return take(state, action.seq, action.interaction);
    case 'today':
      // A slow answer never undoes an update that overtook it.
      return action.interactions.reduce((known, interaction) => take(known, 0, interaction), state);
    case 'card':
      return withCard(state, action.interaction, action.card);
    case 'alarms':
      return { ...state, alarms: action.alarms };
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

function take(state: DeskState, seq: number, interaction: Interaction): DeskState {
  const known = state.today.find((one) => one.id === interaction.id);
  const stale = known !== undefined && known.revision >= interaction.revision;
  const rest = state.today.filter((one) => one.id !== interaction.id);
  const shown = interaction.mergedInto === null;
  return {
    ...state,
    seq: Math.max(state.seq ?? 0, seq),
    today: stale ? state.today : newest(shown ? [interaction, ...rest] : rest),
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
  return [...interactions].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}
