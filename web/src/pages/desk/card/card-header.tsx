import type { ComponentChildren } from 'preact';
import type { ClientCard } from '../../../../../src/desk/protocol.ts';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import { callerText } from '../../../parts/alerts.ts';
import { Phone } from '../../../parts/calling.tsx';
import { clockText, durationText, phoneText } from '../../../parts/format.ts';
import { useNow } from '../../../session/clock.tsx';
import { stateText } from '../../../state-text.ts';
import { advertisementOf } from './advertisement.tsx';
import { resultText } from './result-text.ts';
import { useColleague } from './use-card.ts';

interface HeaderProps {
  readonly interaction: Interaction;
  readonly card: ClientCard | null;
}

/** The top of a card: state and time, who it is, and the facts that matter while the phone rings. */
export function CardHeader({ interaction, card, onClose }: HeaderProps & { onClose(): void }) {
  const text = useText();
  return (
    <header>
      <State interaction={interaction} onClose={onClose} />
      <div class="title">
        <h1>{callerText(interaction, text)}</h1>
        {card?.url != null && /^https?:/.test(card.url) && (
          <a class="button" href={card.url} target="_blank" rel="noreferrer">
            {text.openCrm}
          </a>
        )}
      </div>
      <PartyLine interaction={interaction} />
      <Facts interaction={interaction} card={card} />
      {interaction.reconstructed && <p class="quiet">{text.reconstructed}</p>}
    </header>
  );
}

function State({ interaction, onClose }: { readonly interaction: Interaction; onClose(): void }) {
  const text = useText();
  const now = useNow();
  const colleague = useColleague(interaction);
  const { state, answeredAt, startedAt, endedAt, talkSeconds } = interaction;
  const since = state === 'talking' && answeredAt !== null ? answeredAt : startedAt;
  return (
    <div class="state">
      <span class="badge">
        {colleague === null ? stateText(interaction, text) : `${text.atColleague}: ${colleague}`}
      </span>
      <Held interaction={interaction} />
      <span class="clock">
        {endedAt === null
          ? clockText((now.getTime() - Date.parse(since)) / 1000)
          : talkSeconds
            ? durationText(talkSeconds, text)
            : ''}
      </span>
      <button type="button" class="close" aria-label={text.close} onClick={onClose}>
        ×
      </button>
    </div>
  );
}

/** That the client is on hold, and since when, or in which parking space. */
function Held({ interaction: { legs, transfers, endedAt, state } }: { readonly interaction: Interaction }) {
  const text = useText();
  const now = useNow();
  if (endedAt !== null) return null;
  const heldAt = legs.find((leg) => leg.heldAt !== null)?.heldAt;
  const last = transfers.at(-1);
  if (last?.kind === 'park' && last.outcome === 'done' && state !== 'talking')
    return <span class="badge held">{`${text.parkedAt} ${last.to.extension ?? ''}`}</span>;
  if (heldAt == null) return null;
  return (
    <span class="badge held">
      {text.onHold} {clockText((now.getTime() - Date.parse(heldAt)) / 1000)}
    </span>
  );
}

function PartyLine({ interaction }: { readonly interaction: Interaction }) {
  const text = useText();
  const { id, channel, direction, party, client, contact, match, endedAt } = interaction;
  const isUnknown = client === null && match.outcome === 'unknown' && !party.withheld;
  return (
    <p class="sub">
      {contact !== null && <span>{contact.name}</span>}
      {isUnknown && <span>{channel === 'call' || channel === 'meeting' ? text.unknownCaller : text.unknownParty}</span>}
      {party.phone !== null &&
        (endedAt === null ? (
          <span>{phoneText(party.phone)}</span>
        ) : (
          <Phone phone={party.phone} interaction={direction === 'inbound' ? id : null} />
        ))}
      {party.name !== null && <span class="quiet">{party.name}</span>}
    </p>
  );
}

function Facts({ interaction, card }: HeaderProps) {
  const text = useText();
  const { line, attribution, responsible, waitSeconds, result } = interaction;
  const { advertisement, profile } = advertisementOf(interaction);
  return (
    <dl class="facts">
      {line !== null && (
        <Fact
          label={text.line}
          value={[line.label, advertisement === null ? attribution?.campaign : null].filter(Boolean).join(' · ')}
        />
      )}
      {advertisement !== null && <Fact label={text.advertisement} value={advertisement} />}
      {profile !== null && <Fact label={text.profile} value={profile} />}
      {responsible !== null && <Fact label={text.responsible} value={responsible.name} />}
      {result !== null && <Fact label={text.whyUnanswered} value={resultText(result, text)} />}
      {waitSeconds !== null && <Fact label={text.wait} value={durationText(waitSeconds, text)} />}
      {card?.fields.map((field) => (
        <Fact key={field.label} label={field.label} value={field.value} />
      ))}
    </dl>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
