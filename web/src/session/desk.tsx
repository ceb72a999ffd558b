import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { ClientCard, ClientMessage } from '../../../src/desk/protocol.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { useText } from '../i18n/language.tsx';
import { announce } from '../parts/alerts.ts';
import { useSession } from './account.tsx';
import { addresses, interactionAt } from './addresses.ts';
import { clientCard, interactionOf } from './api.ts';
import { type DeskState, emptyDesk, type OpenCard, reduceDesk, takesFront } from './desk-state.ts';
import { toldRef, useLiveDesk } from './live-desk.ts';
import { recall, remember } from './tab-storage.ts';

/** The desk of the logged-in user. */
export interface Desk {
  readonly state: DeskState;
  /** The card in front: the one that the address names. */
  readonly front: OpenCard | null;
  /** Whether something that the user did has failed. */
  readonly hasFailed: boolean;
  /** Sends a decision; without a connection it shows a failure and answers false. */
  send(message: ClientMessage): boolean;
  /** Sends a message whose loss does no harm. */
  tell(message: ClientMessage): void;
  /** Shows that something failed, or hides it again. */
  setFailed(failed: boolean): void;
  /** Opens the card of an interaction. */
  open(interaction: Interaction): void;
  /** Opens the card of an interaction that may not be loaded yet. Resolves to false if there is no such interaction. */
  load(id: string): Promise<boolean>;
  close(id: string): void;
}

const DeskContext = createContext<Desk | null>(null);

/** The desk of the logged-in user. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('this part of the page needs a desk');
  return desk;
}

const dismissedKey = 'dismissed';
/** Dismissed calls that a tab remembers. */
const maxDismissed = 50;

/** Keeps the desk of the logged-in user for the page below it. */
export function DeskProvider({ children }: { readonly children: ComponentChildren }) {
  const { manager } = useSession();
  const text = useText();
  const { path, route } = useLocation();
  const [state, dispatch] = useReducer(reduceDesk, null, () => emptyDesk(manager, dismissedBefore()));
  const [hasFailed, setFailed] = useState(false);
  const frontId = interactionAt(path);
  const front = state.cards.find(({ interaction }) => interaction.id === frontId) ?? null;
  useEffect(() => remember(dismissedKey, JSON.stringify(state.dismissed.slice(-maxDismissed))), [state.dismissed]);

  // The connection outlives renders and finds the latest one here.
  const pop = useRef((_: Interaction) => {});
  pop.current = (interaction) => {
    announce(interaction, text);
    const isFree = path === addresses.desk;
    if (takesFront(interaction, front?.interaction ?? null, isFree)) route(addresses.interaction(interaction.id));
  };
  const live = useLiveDesk({ dispatch, onFailed: () => setFailed(true), pop });

  const uncarded = front !== null && front.card?.id !== front.interaction.client?.id ? front.interaction : null;
  useEffect(() => {
    if (uncarded === null) return;
    const show = (card: ClientCard | null) => dispatch({ type: 'card', interaction: uncarded.id, card });
    if (uncarded.client === null) return show(null);
    clientCard(uncarded.client.id).then(show, () => {});
  }, [uncarded?.id, uncarded?.client?.id]);

  const desk = useMemo<Desk>(
    () => ({
      state,
      front,
      hasFailed,
      setFailed,
      send(message) {
        const sent = live.send(message);
        setFailed(!sent);
        return sent;
      },
      tell(message) {
        live.send({ ...message, ref: toldRef });
      },
      open(interaction) {
        dispatch({ type: 'open', interaction });
        route(addresses.interaction(interaction.id));
      },
      async load(id) {
        const interaction = await interactionOf(id);
        if (interaction === null) return false;
        const { mergedInto } = interaction;
        if (mergedInto === null) dispatch({ type: 'open', interaction });
        // The user may have gone to another page meanwhile.
        else if (location.pathname === addresses.interaction(id)) route(addresses.interaction(mergedInto), true);
        return true;
      },
      close(id) {
        dispatch({ type: 'close', id });
        const next = state.cards.find(({ interaction }) => interaction.id !== id);
        if (id === frontId)
          route(next === undefined ? addresses.desk : addresses.interaction(next.interaction.id), true);
      },
    }),
    [state, front, frontId, hasFailed, route],
  );
  return <DeskContext.Provider value={desk}>{children}</DeskContext.Provider>;
}

function dismissedBefore(): readonly string[] {
  const kept: unknown = JSON.parse(recall(dismissedKey) ?? '[]');
  return Array.isArray(kept) ? kept.map(String) : [];
}
