import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Interaction } from '../../src/domain/interaction.ts';
import { announce, callerText } from './alerts.ts';
import { type Account, callsToday, clientCard, currentAlarms } from './api.ts';
import { CallCard } from './call-card.tsx';
import { DeskConnection } from './socket.ts';
import { emptyDesk, reduceDesk } from './state.ts';
import { Today } from './today.tsx';
import type { Language, Words } from './words.ts';

interface DeskProps {
  readonly account: Account;
  readonly language: Language;
  readonly text: Words;
  onLanguage(): void;
  onTheme(): void;
  onLeave(): void;
}

/** What the operator lives in: the calls under way with their cards, and the calls of the day. */
export function Desk({ account, language, text, onLanguage, onTheme, onLeave }: DeskProps) {
  const [state, dispatch] = useReducer(reduceDesk, emptyDesk);
  const [canAsk, setCanAsk] = useState('Notification' in window && Notification.permission === 'default');
  const now = useNow();
  const seq = useRef<number | null>(null);
  seq.current = state.seq;
  const texts = useRef(text);
  texts.current = text;
  const connection = useRef<DeskConnection | null>(null);
  const manager = account.manager?.id ?? null;

  useEffect(() => {
    const refresh = () => {
      if (manager !== null)
        callsToday(manager, new Date()).then(
          (interactions) => dispatch({ type: 'today', interactions }),
          () => {},
        );
      currentAlarms().then(
        (alarms) => dispatch({ type: 'alarms', alarms }),
        () => {},
      );
    };
    const desk = new DeskConnection({
      resumeFrom: () => seq.current,
      onOnline: (online) => dispatch({ type: 'online', online }),
      onMessage: (message) => {
        switch (message.type) {
          case 'hello':
            if (seq.current === null) refresh();
            return dispatch({ type: 'seq', seq: message.seq });
          case 'pop':
            announce(message.interaction, texts.current);
            return dispatch({ type: 'pop', seq: message.seq, interaction: message.interaction, card: message.client });
          case 'update':
            return dispatch({ type: 'update', seq: message.seq, interaction: message.interaction });
          case 'reset':
            refresh();
            return dispatch({ type: 'seq', seq: message.seq });
          case 'alarm':
            return dispatch({ type: 'alarms', alarms: message.alarms });
          default:
            return;
        }
      },
    });
    connection.current = desk;
    desk.open();
    return () => desk.close();
  }, [manager]);

  const current = state.calls.find((call) => call.interaction.id === state.selected) ?? state.calls[0] ?? null;
  const wantedCard =
    current !== null && current.card?.id !== current.interaction.client?.id ? current.interaction : null;
  useEffect(() => {
    const id = wantedCard?.client?.id;
    if (wantedCard === null) return;
    if (id === undefined) return dispatch({ type: 'card', interaction: wantedCard.id, card: null });
    clientCard(id).then(
      (card) => dispatch({ type: 'card', interaction: wantedCard.id, card }),
      () => {},
    );
  }, [wantedCard?.id, wantedCard?.client?.id]);

  const ringing = state.calls.find((call) => call.interaction.state === 'ringing')?.interaction ?? null;
  useEffect(() => {
    document.title = ringing === null ? `${text.title} — Patchbay` : `☎ ${callerText(ringing, text)}`;
  }, [ringing?.id, ringing?.client?.id, text]);

  const open = (interaction: Interaction) => dispatch({ type: 'open', call: { interaction, card: null } });
  return (
    <>
      <a class="skip" href="#calls">
        {text.title}
      </a>
      <header class="bar">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <strong>Patchbay</strong>
        <span class={state.online ? 'link online' : 'link offline'} role="status">
          {state.online ? text.online : text.offline}
        </span>
        <span class="space" />
        {canAsk && (
          <button type="button" onClick={() => Notification.requestPermission().then(() => setCanAsk(false))}>
            {text.notify}
          </button>
        )}
        <button type="button" onClick={onTheme}>
          {text.theme}
        </button>
        <button type="button" onClick={onLanguage} lang={language === 'ru' ? 'en' : 'ru'}>
          {text.language}
        </button>
        <span class="who">{account.manager?.name ?? account.login}</span>
        <button type="button" onClick={onLeave}>
          {text.leave}
        </button>
      </header>
      {state.alarms.length > 0 && (
        <div class="alarm" role="alert">
          {text.quiet} {state.alarms.map((alarm) => alarm.line ?? alarm.connection).join(', ')}
        </div>
      )}
      <div class="announce" aria-live="assertive">
        {ringing === null ? '' : `${text.ringing}: ${callerText(ringing, text)}`}
      </div>
      <main class="desk" id="calls">
        <section class="calls" aria-label={text.title}>
          {state.calls.length > 1 && (
            <div class="tabs">
              {state.calls.map(({ interaction }) => (
                <button
                  type="button"
                  key={interaction.id}
                  class={`tab ${interaction.state}`}
                  aria-pressed={interaction.id === current?.interaction.id}
                  onClick={() => dispatch({ type: 'select', id: interaction.id })}
                >
                  {callerText(interaction, text)}
                </button>
              ))}
            </div>
          )}
          {current === null ? (
            <div class="empty">
              <h2>{text.noCalls}</h2>
              <p>{manager === null ? text.noManager : text.noCallsHint}</p>
            </div>
          ) : (
            <CallCard
              key={current.interaction.id}
              call={current}
              text={text}
              language={language}
              now={now}
              send={(message) => connection.current?.send(message) ?? false}
              onOpen={open}
              onClose={() => dispatch({ type: 'close', id: current.interaction.id })}
            />
          )}
        </section>
        <Today
          interactions={state.today}
          selected={current?.interaction.id ?? null}
          text={text}
          language={language}
          now={now}
          onOpen={open}
        />
      </main>
    </>
  );
}

/** The time, once a second: for the counters on the cards. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
