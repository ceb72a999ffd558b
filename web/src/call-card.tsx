import type { ClientCard, ClientMessage } from '../../src/desk/protocol.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { callerText } from './alerts.ts';
import { Phone, useCallKey } from './calling.tsx';
import { NewLetter } from './compose.tsx';
import { Conversation } from './conversation.tsx';
import { Candidates, NoteForm, Outcome } from './decisions.tsx';
import { elsewhere } from './elsewhere.ts';
import { clockText, durationText, phoneText } from './format.ts';
import { ruleName, traceText } from './i18n/reasons/text.ts';
import type { DeskCall } from './state.ts';
import { stateText } from './state-text.ts';
import { Suggestions } from './suggestions.tsx';
import { CallList } from './today.tsx';
import { UndeliverableNotes } from './undeliverable.tsx';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

interface CardProps {
  readonly call: DeskCall;
  readonly text: Words;
  readonly language: Language;
  readonly now: Date;
  /** IANA zone that times are shown in. */
  readonly timezone: string;
  /** Changes when anything of this contact's conversation has changed. */
  readonly version: string;
  /** Id of the manager who looks at it, or null. */
  readonly viewer: string | null;
  /** Whether the viewer is a manager, who can answer. */
  readonly canAnswer: boolean;
  send(message: ClientMessage): boolean;
  onFailed(): void;
  onOpen(interaction: Interaction): void;
  onClose(): void;
}

/** One call: who it is, what is known of them, and what the operator decides. */
export function CallCard(props: CardProps) {
  const { call, text, language, now, timezone, send, onOpen, onClose } = props;
  const { interaction, card } = call;
  const written = interaction.channel !== 'call' && interaction.channel !== 'meeting';
  const { party, client, contact, line, responsible, match, route } = interaction;
  const live = interaction.endedAt === null;
  const colleague = elsewhere(interaction, props.viewer);
  const since =
    interaction.state === 'talking' && interaction.answeredAt !== null ? interaction.answeredAt : interaction.startedAt;
  const answers = interaction.direction === 'inbound' ? interaction.id : null;
  useCallKey(live ? null : party.phone, answers);
  const history = (card?.recent ?? []).filter((one) => one.id !== interaction.id);
  return (
    <article class={`card ${colleague === null ? interaction.state : 'elsewhere'}`}>
      <header>
        <div class="state">
          <span class="badge">
            {colleague === null
              ? stateText(interaction.state, text, interaction.channel)
              : `${text.atColleague}: ${colleague}`}
          </span>
          {live ? (
            <span class="clock">{clockText((now.getTime() - Date.parse(since)) / 1000)}</span>
          ) : (
            <span class="clock">{interaction.talkSeconds ? durationText(interaction.talkSeconds, text) : ''}</span>
          )}
          <button type="button" class="close" aria-label={text.close} onClick={onClose}>
            ×
          </button>
        </div>
        <div class="title">
          <h1>{callerText(interaction, text)}</h1>
          {card?.url != null && /^https?:/.test(card.url) && (
            <a class="button" href={card.url} target="_blank" rel="noreferrer">
              {text.openCrm}
            </a>
          )}
        </div>
        <p class="sub">
          {contact !== null && <span>{contact.name}</span>}
          {client === null && match.outcome === 'unknown' && !party.withheld && (
            <span>{written ? text.unknownParty : text.unknownCaller}</span>
          )}
          {party.phone !== null &&
            (live ? <span>{phoneText(party.phone)}</span> : <Phone phone={party.phone} interaction={answers} />)}
          {party.name !== null && <span class="quiet">{party.name}</span>}
        </p>
        <dl class="facts">
          {line !== null && (
            <Fact
              label={text.line}
              value={[line.label, interaction.attribution?.campaign].filter(Boolean).join(' · ')}
            />
          )}
          {responsible !== null && <Fact label={text.responsible} value={responsible.name} />}
          {interaction.waitSeconds !== null && (
            <Fact label={text.wait} value={durationText(interaction.waitSeconds, text)} />
          )}
          {card?.fields.map((field) => (
            <Fact key={field.label} label={field.label} value={field.value} />
          ))}
        </dl>
        {interaction.reconstructed && <p class="quiet">{text.reconstructed}</p>}
      </header>
      <div class="body">
        <div class="facts-of-client">
          <UndeliverableNotes
            version={props.version}
            onFailed={props.onFailed}
            {...{ interaction, card, text, language, now, timezone }}
          />
          {written && (
            <Conversation
              interaction={interaction}
              version={props.version}
              canAnswer={props.canAnswer}
              onFailed={props.onFailed}
              {...{ text, language, now, timezone }}
            />
          )}
          {props.canAnswer && (
            <NewLetter {...{ interaction, card, text }} onSent={props.onOpen} onFailed={props.onFailed} />
          )}
          {client === null && <Candidates interaction={interaction} text={text} send={send} />}
          <Suggestions interaction={interaction} text={text} send={send} />
          {card !== null && <Known card={card} text={text} />}
          {client !== null && (
            <section>
              <h2>{text.history}</h2>
              {history.length === 0 ? (
                <p class="quiet">{text.noHistory}</p>
              ) : (
                <CallList
                  interactions={history}
                  selected={null}
                  callable
                  nameOf={(one) => nameInHistory(one, text)}
                  {...{ text, language, now, timezone, onOpen }}
                />
              )}
            </section>
          )}
        </div>
        <div class="decisions">
          <Outcome interaction={interaction} text={text} send={send} />
          <NoteForm interaction={interaction} text={text} send={send} />
          {interaction.recordings.map((recording) =>
            recording.url === null ? null : (
              // biome-ignore lint/a11y/useMediaCaption: a telephone call has no captions
              <audio key={recording.id} controls preload="none" src={`/api/v1/recordings/${recording.id}`} />
            ),
          )}
        </div>
      </div>
      {route !== null && (
        <details>
          <summary>{text.why}</summary>
          <ol class="trace">
            {route.trace.map((step, i) => (
              <li key={`${i} ${step.rule}`} class={step.outcome}>
                <b>{ruleName(step.rule, language)}</b> {traceText(step, language)}
              </li>
            ))}
          </ol>
        </details>
      )}
    </article>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Known({ card, text }: { card: ClientCard; text: Words }) {
  const phones = card.identifiers.filter(({ kind }) => kind === 'phone');
  return (
    <div class="known">
      {phones.length > 0 && (
        <section>
          <h2>{text.phones}</h2>
          <span class="ways">
            {phones.map(({ value }) => (
              <Phone key={value} phone={value} />
            ))}
          </span>
        </section>
      )}
      {card.deals.length > 0 && (
        <section>
          <h2>{text.deals}</h2>
          <ul class="plain">
            {card.deals.map((deal) => (
              <li key={deal.id}>
                {deal.name} {deal.stage !== null && <span class="chip">{deal.stage}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {card.contacts.length > 0 && (
        <section>
          <h2>{text.contacts}</h2>
          <ul class="plain">
            {card.contacts.map((person) => (
              <li key={person.id}>
                {person.name}{' '}
                <span class="ways">
                  {person.identifiers.map((one) =>
                    one.kind === 'phone' ? (
                      <Phone key={one.value} phone={one.value} />
                    ) : (
                      <span key={one.value}>{one.value}</span>
                    ),
                  )}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Of a call who had it; of anything written what it says. */
function nameInHistory({ channel, handledBy, subject, state, text: said }: Interaction, text: Words): string {
  if (channel !== 'call') return (subject ?? said ?? '').slice(0, 80) || stateText(state, text, channel);
  return handledBy?.name ?? stateText(state, text, channel);
}
