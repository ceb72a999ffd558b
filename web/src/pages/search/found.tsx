import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import { snippetOf } from '../../../../src/domain/search/snippet.ts';
import { useText } from '../../i18n/language.tsx';
import { callerText } from '../../parts/alerts.ts';
import { channelSign } from '../../parts/channel-sign.ts';
import { addresses } from '../../session/addresses.ts';
import { useMoment } from '../../session/clock.tsx';
import { isTakenBack } from '../../state-text.ts';

interface FoundProps {
  readonly interactions: readonly Interaction[];
  readonly question: string;
}

/** Found contacts with the place where the words occur. Arrow keys go from one to the next, Enter opens it. */
export function Found({ interactions, question }: FoundProps) {
  return (
    <ul
      class="plain found"
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const links = [...event.currentTarget.querySelectorAll('a')];
        links[links.indexOf(document.activeElement as HTMLAnchorElement) + step]?.focus();
      }}
    >
      {interactions.map((interaction) => (
        <Result key={interaction.id} interaction={interaction} question={question} />
      ))}
    </ul>
  );
}

function Result({ interaction, question }: { readonly interaction: Interaction; readonly question: string }) {
  const text = useText();
  const moment = useMoment();
  const { id, channel, direction, subject, startedAt, deletedAt } = interaction;
  const isOutbound = direction === 'outbound';
  return (
    <li>
      <a href={addresses.interaction(id)}>
        <span class="arrow" role="img" aria-label={`${isOutbound ? text.outbound : text.inbound}: ${text[channel]}`}>
          {isOutbound ? '↗' : '↙'}
          {channel !== 'call' && channelSign[channel]}
        </span>{' '}
        <b>{callerText(interaction, text)}</b>
        {subject === null ? '' : ` · ${subject}`} <time dateTime={startedAt}>{moment(startedAt)}</time>
        {isTakenBack(interaction) && <span class="chip">{text.takenBack}</span>}
        {deletedAt !== null && <span class="chip">{text.deletedByWriter}</span>}
        <span class="snippet">
          {snippetOf(interaction, question).map((part) => (part.isHit ? <mark>{part.text}</mark> : part.text))}
        </span>
      </a>
    </li>
  );
}
