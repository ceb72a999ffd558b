import { useEffect, useRef } from 'preact/hooks';
import type { ClientMessage, ServerMessage } from '../../../src/desk/protocol.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { startOfDay } from '../parts/format.ts';
import { useSession, useTimeZone } from './account.tsx';
import { callsSince, currentAccount, currentAlarms } from './api.ts';
import { reportConversation, reportTyping } from './conversation-news.ts';
import type { DeskAction } from './desk-state.ts';
import { reportChange } from './news.ts';
import { DeskConnection } from './socket.ts';

/** The reference of messages whose failure the user need not see. */
export const toldRef = 'told';

interface LiveDeskOptions {
  dispatch(action: DeskAction): void;
  onFailed(): void;
  /** Puts a card on the screen, as of the last render. */
  readonly pop: { readonly current: (interaction: Interaction) => void };
}

/** Feeds the desk from the server: what the connection reports, and what must be read by REST. */
export function useLiveDesk({ dispatch, onFailed, pop }: LiveDeskOptions): { send(message: ClientMessage): boolean } {
  const { manager, refresh } = useSession();
  const timezone = useTimeZone();
  const connection = useRef<DeskConnection | null>(null);

  useEffect(() => {
    const readLists = () => {
      if (manager !== null)
        callsSince(manager, startOfDay(new Date(), timezone)).then(
          (interactions) => dispatch({ type: 'known', interactions }),
          () => {},
        );
      currentAlarms().then(
        (alarms) => dispatch({ type: 'alarms', alarms }),
        () => {},
      );
    };
    /** Calls that have rung on this page, or rang before it was opened. */
    const alerted = new Set<string>();
    const alert = (interaction: Interaction) => {
      if (interaction.channel === 'call' && alerted.has(interaction.id)) return;
      alerted.add(interaction.id);
      pop.current(interaction);
    };
    let isFirst = true;
    const greeted = (message: ServerMessage & { readonly type: 'hello' }) => {
      if ((message.manager?.id ?? null) !== manager) refresh();
      dispatch({ type: 'link', link: 'online' });
      dispatch({ type: 'greeted', calls: message.calls });
      for (const { interaction } of message.calls) {
        if (isFirst) alerted.add(interaction.id);
        else if (interaction.state === 'ringing') alert(interaction);
      }
      reportChange('follow-ups');
      reportChange('conversations');
      if (isFirst) readLists();
      isFirst = false;
    };
    const take = (message: ServerMessage) => {
      switch (message.type) {
        case 'hello':
          return greeted(message);
        case 'pop':
          if (message.interaction.channel !== 'call') reportChange('conversations');
          dispatch({ type: 'pop', interaction: message.interaction, card: message.client });
          return alert(message.interaction);
        case 'update':
          if (message.interaction.channel !== 'call') {
            reportChange('conversations');
            // A conversation that is handed over takes its task along.
            reportChange('follow-ups');
          }
          return dispatch({ type: 'update', interaction: message.interaction });
        case 'reset':
          dispatch({ type: 'reset' });
          return readLists();
        case 'alarm':
          return dispatch({ type: 'alarms', alarms: message.alarms });
        case 'presence':
          return dispatch(message);
        case 'lead':
        case 'task':
          return reportChange('follow-ups');
        case 'ok':
          return message.interaction && dispatch({ type: 'update', interaction: message.interaction });
        case 'error':
          return message.ref === toldRef ? undefined : onFailed();
        case 'typing':
          return reportTyping(message.thread);
        case 'conversation':
          return reportConversation(message.thread);
        // The page commands calls by REST.
        case 'command':
        case 'bye':
          return;
      }
    };
    const desk = new DeskConnection({
      onMessage: take,
      onOffline: () => dispatch({ type: 'link', link: isFirst ? 'connecting' : 'offline' }),
      onFull: () => dispatch({ type: 'link', link: 'full' }),
      onRefused: () => {
        currentAccount().then(
          (found) => found === null && location.reload(),
          () => {},
        );
      },
    });
    connection.current = desk;
    desk.open();
    return () => desk.close();
  }, [manager, timezone]);

  return { send: (message) => connection.current?.send(message) ?? false };
}
