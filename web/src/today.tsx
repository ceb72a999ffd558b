import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { callerText } from './alerts.ts';
import { CallBack } from './calling.tsx';
import { durationText, momentText } from './format.ts';
import { channelSign } from './owed.tsx';
import { stateText } from './state-text.ts';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

interface TodayProps {
  readonly interactions: readonly Interaction[];
  readonly selected: string | null;
  readonly text: Words;
  readonly language: Language;
  readonly now: Date;
  /** IANA zone that times are shown in. */
  readonly timezone: string;
  /** Whether each row's number can be called by a button beside it. */
  readonly callable?: boolean;
  onOpen(interaction: Interaction): void;
  /** What heads a row; the caller by default. */
  nameOf?(interaction: Interaction): string;
}

/** This manager's calls of the day; missed ones catch the eye. */
export function Today({ interactions, ...rest }: TodayProps) {
  const { text } = rest;
  return (
    <section class="today" aria-label={text.today}>
      <h2>
        {text.today} {interactions.length > 0 && <span class="count">{interactions.length}</span>}
      </h2>
      {interactions.length === 0 ? (
        <p class="quiet">{text.noToday}</p>
      ) : (
        <CallList interactions={interactions} callable {...rest} />
      )}
    </section>
  );
}

/** A list of interactions, each a button that opens its card. */
export function CallList(props: TodayProps) {
  const { interactions, selected, text, language, now, timezone, callable = false, onOpen, nameOf } = props;
  return (
    <ul class="list">
      {interactions.map((interaction) => (
        <li key={interaction.id} class={callable ? 'item' : ''}>
          <button
            type="button"
            class={`row ${interaction.state}`}
            aria-current={interaction.id === selected}
            onClick={() => onOpen(interaction)}
          >
            <span
              class="arrow"
              role="img"
              aria-label={`${interaction.direction === 'outbound' ? text.outbound : text.inbound}: ${text[interaction.channel]}`}
            >
              {interaction.direction === 'outbound' ? '↗' : '↙'}
              {interaction.channel !== 'call' && channelSign[interaction.channel]}
            </span>
            <span class="name">{nameOf?.(interaction) ?? callerText(interaction, text)}</span>
            <time dateTime={interaction.startedAt}>{momentText(interaction.startedAt, language, now, timezone)}</time>
            <span class="detail">
              {stateText(interaction.state, text, interaction.channel)}
              {interaction.talkSeconds ? ` · ${durationText(interaction.talkSeconds, text)}` : ''}
              {interaction.line === null ? '' : ` · ${interaction.line.label}`}
            </span>
          </button>
          {callable && interaction.party.phone !== null && interaction.endedAt !== null && (
            <CallBack
              phone={interaction.party.phone}
              interaction={interaction.direction === 'inbound' ? interaction.id : null}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
