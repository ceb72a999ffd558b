import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { useText } from '../i18n/language.tsx';
import { useSession } from '../session/account.tsx';
import { useMoment } from '../session/clock.tsx';
import { useDesk } from '../session/desk.tsx';
import { stateClass, stateText } from '../state-text.ts';
import { callerText } from './alerts.ts';
import { CallBack } from './calling.tsx';
import { channelSign } from './channel-sign.ts';
import { elsewhere } from './elsewhere.ts';
import { durationText } from './format.ts';

interface ContactListProps {
  readonly interactions: readonly Interaction[];
  /** The heading of a row; the caller by default. */
  nameOf?(interaction: Interaction): string;
}

/** A list of interactions. Each row opens its card, and has a button that calls back. */
export function ContactList({ interactions, nameOf }: ContactListProps) {
  return (
    <ul class="list">
      {interactions.map((interaction) => (
        <Row key={interaction.id} interaction={interaction} {...(nameOf && { name: nameOf(interaction) })} />
      ))}
    </ul>
  );
}

function Row({ interaction, name }: { readonly interaction: Interaction; readonly name?: string }) {
  const text = useText();
  const moment = useMoment();
  const { manager } = useSession();
  const { front, open } = useDesk();
  const { id, channel, direction, startedAt, endedAt, talkSeconds, line, party, deletedAt } = interaction;
  const isOutbound = direction === 'outbound';
  const colleague = elsewhere(interaction, manager);
  return (
    <li class="item">
      <button
        type="button"
        class={`row ${stateClass(interaction)}`}
        aria-current={id === front?.interaction.id}
        onClick={() => open(interaction)}
      >
        <span class="arrow" role="img" aria-label={`${isOutbound ? text.outbound : text.inbound}: ${text[channel]}`}>
          {isOutbound ? '↗' : '↙'}
          {channel !== 'call' && channelSign[channel]}
        </span>
        <span class="name">{name ?? callerText(interaction, text)}</span>
        <time dateTime={startedAt}>{moment(startedAt)}</time>
        <span class="detail">
          {colleague === null ? stateText(interaction, text) : `${text.atColleague}: ${colleague}`}
          {deletedAt === null ? '' : ` · ${text.deletedByWriter}`}
          {talkSeconds ? ` · ${durationText(talkSeconds, text)}` : ''}
          {line === null ? '' : ` · ${line.label}`}
        </span>
      </button>
      {party.phone !== null && endedAt !== null && (
        <CallBack phone={party.phone} interaction={direction === 'inbound' ? id : null} />
      )}
    </li>
  );
}
