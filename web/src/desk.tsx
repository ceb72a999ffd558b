import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { ClientMessage } from '../../src/desk/protocol.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { Alarms } from './alarms.tsx';
import { announce, callerText } from './alerts.ts';
import { type Account, callsSince, clientCard, currentAccount, currentAlarms, interactionOf } from './api.ts';
import { CallCard } from './call-card.tsx';
import { CallerProvider, Calling, useCalling } from './calling.tsx';
import { Colleagues } from './colleagues.tsx';
import { elsewhere } from './elsewhere.ts';
import { FollowUps, followUpsChanged } from './follow-ups.tsx';
import { startOfDay } from './format.ts';
import { conversationsChanged, Inbox } from './inbox.tsx';
import type { Settings } from './settings.ts';
import { DeskConnection } from './socket.ts';
import { callsOfDay, emptyDesk, reduceDesk } from './state.ts';
import { Today } from './today.tsx';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

interface DeskProps {
  readonly account: Account;
  readonly language: Language;
  readonly theme: Settings['theme'];
  readonly text: Words;
  onLanguage(): void;
  onTheme(): void;
  onLeave(): void;
}

/** What the operator lives in: the calls under way with their cards, and the calls of the day. */
export function Desk({ account, language, theme, text, onLanguage, onTheme, onLeave }: DeskProps) {
  const [state, dispatch] = useReducer(reduceDesk, emptyDesk);
  const [canAsk, setCanAsk] = useState('Notification' in window && Notification.permission === 'default');
  const now = useNow();
  const texts = useRef(text);
  texts.current = text;
  const connection = useRef<DeskConnection | null>(null);
  const [refused, setRefused] = useState(false);
  const [tooMany, setTooMany] = useState(false);
  const [greeted, setGreeted] = useState(false);
  const manager = account.manager?.id ?? null;
  const { timezone } = account;
  const { asked, caller, forget } = useCalling(text, account.calls);

  useEffect(() => {
    const refresh = () => {
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
    let first = true;
    const desk = new DeskConnection({
      onRefused: () => {
        currentAccount().then(
          (found) => found === null && location.reload(),
          () => {},
        );
      },
      onTooMany: () => setTooMany(true),
      onOnline: (online) => dispatch({ type: 'online', online }),
      onMessage: (message) => {
        switch (message.type) {
          case 'hello':
            setGreeted(true);
            followUpsChanged();
            conversationsChanged();
            if (first) refresh();
            first = false;
            return;
          case 'pop':
            if (message.interaction.channel !== 'call') conversationsChanged();
            announce(message.interaction, texts.current);
            return dispatch({ type: 'pop', interaction: message.interaction, card: message.client });
          case 'update':
            if (message.interaction.channel !== 'call') {
              conversationsChanged();
              // A task may have gone to a colleague with its conversation.
              followUpsChanged();
            }
            return dispatch({ type: 'update', interaction: message.interaction });
          case 'reset':
            dispatch({ type: 'reset' });
            return refresh();
          case 'alarm':
            return dispatch({ type: 'alarms', alarms: message.alarms });
          case 'presence':
            return dispatch(message);
          case 'lead':
          case 'task':
            return followUpsChanged();
          case 'ok':
            return message.interaction && dispatch({ type: 'update', interaction: message.interaction });
          case 'error':
            return setRefused(true);
          default:
            return;
        }
      },
    });
    connection.current = desk;
    desk.open();
    return () => desk.close();
  }, [manager, timezone]);

  const send = (message: ClientMessage) => {
    const sent = connection.current?.send(message) ?? false;
    setRefused(!sent);
    return sent;
  };

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

  const ringing =
    state.calls.find(({ interaction }) => interaction.state === 'ringing' && elsewhere(interaction, manager) === null)
      ?.interaction ?? null;
  useEffect(() => {
    document.title = ringing === null ? `${text.title} — Patchbay` : `☎ ${callerText(ringing, text)}`;
  }, [ringing?.id, ringing?.client?.id, text]);

  const open = (interaction: Interaction) => dispatch({ type: 'open', call: { interaction, card: null } });
  const called = state.known.find(({ id }) => id === asked?.interaction?.id) ?? null;
  return (
    <CallerProvider value={caller}>
      <a class="skip" href="#calls">
        {text.title}
      </a>
      <header class="bar">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <strong>Patchbay</strong>
        <span class={state.online ? 'link online' : 'link offline'} role="status">
          {state.online ? text.online : tooMany ? text.tooManyPages : greeted ? text.offline : text.connecting}
        </span>
        <span class="space" />
        {canAsk && (
          <button type="button" onClick={() => Notification.requestPermission().then(() => setCanAsk(false))}>
            {text.notify}
          </button>
        )}
        <button type="button" onClick={onTheme}>
          {text.theme}: {text[theme]}
        </button>
        <button type="button" onClick={onLanguage} lang={language === 'ru' ? 'en' : 'ru'}>
          {text.language}
        </button>
        <span class="who">{account.manager?.name ?? account.login}</span>
        <button type="button" onClick={onLeave}>
          {text.leave}
        </button>
      </header>
      <Alarms alarms={state.alarms} {...{ text, language, timezone }} />
      {refused && (
        <div class="refused" role="alert">
          <span>{text.refused}</span>
          <button type="button" onClick={() => setRefused(false)}>
            {text.close}
          </button>
        </div>
      )}
      <Calling asked={asked} latest={called} {...{ text, language }} onClose={forget} />
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
                  class={`tab ${elsewhere(interaction, manager) === null ? interaction.state : 'elsewhere'}`}
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
              <img src="/icon.svg" alt="" width="56" height="56" />
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
              timezone={timezone}
              version={versionOf(state.known, current.interaction)}
              viewer={manager}
              canAnswer={manager !== null}
              send={send}
              onFailed={() => setRefused(true)}
              onOpen={open}
              onClose={() => dispatch({ type: 'close', id: current.interaction.id })}
            />
          )}
        </section>
        <aside>
          <FollowUps
            manager={manager}
            {...{ text, language, now, timezone }}
            onOpen={(id) =>
              interactionOf(id).then(
                (found) => found !== null && open(found),
                () => setRefused(true),
              )
            }
            onFailed={() => setRefused(true)}
          />
          <Inbox manager={manager} {...{ text, language, now, timezone }} onOpen={open} />
          <Today
            interactions={manager === null ? [] : callsOfDay(state.known, manager, now, timezone)}
            selected={current?.interaction.id ?? null}
            text={text}
            language={language}
            now={now}
            timezone={timezone}
            onOpen={open}
          />
          <Colleagues presence={state.presence} self={manager} text={text} />
        </aside>
      </main>
    </CallerProvider>
  );
}

/** Tells whether anything of a contact's conversation has changed: what is known of it, by revisions. */
function versionOf(known: readonly Interaction[], { id, thread }: Interaction): string {
  const own = known.filter((one) => one.id === id || (thread !== null && one.thread === thread));
  return own.map((one) => `${one.id} ${one.revision}`).join();
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
