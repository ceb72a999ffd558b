import { useCallKey } from '../../../parts/calling.tsx';
import { useSession } from '../../../session/account.tsx';
import { useDesk } from '../../../session/desk.tsx';
import type { OpenCard } from '../../../session/desk-state.ts';
import { stateClass } from '../../../state-text.ts';
import { CallControl } from './call-control.tsx';
import { Candidates } from './candidates.tsx';
import { CardHeader } from './card-header.tsx';
import { ClientDetails } from './client-details.tsx';
import { Conversation } from './conversation.tsx';
import { History } from './history.tsx';
import { NewLetter } from './new-letter.tsx';
import { NoteForm } from './note-form.tsx';
import { Outcome } from './outcome.tsx';
import { Recordings } from './recordings.tsx';
import { Suggestions } from './suggestions.tsx';
import { Trace } from './trace.tsx';
import { UndeliverableNotes } from './undeliverable-notes.tsx';
import { useColleague, useVersion } from './use-card.ts';
import { WriteFirst } from './ways/write-first.tsx';

/** The card of one interaction: who it is with, what is known of them, and what the operator decides. */
export function Card({ interaction, card }: OpenCard) {
  const { manager, account } = useSession();
  const { close } = useDesk();
  const colleague = useColleague(interaction);
  const version = useVersion(interaction);
  const { id, channel, client, direction, endedAt, party, route } = interaction;
  const isWritten = channel !== 'call' && channel !== 'meeting';
  useCallKey(endedAt === null ? null : party.phone, direction === 'inbound' ? id : null);
  return (
    <article class={`card ${colleague === null ? stateClass(interaction) : 'elsewhere'}`}>
      <CardHeader interaction={interaction} card={card} onClose={() => close(id)} />
      <CallControl interaction={interaction} />
      <div class="body">
        <div class="facts-of-client">
          <UndeliverableNotes interaction={interaction} card={card} version={version} />
          {isWritten && <Conversation interaction={interaction} version={version} />}
          {manager !== null && <NewLetter interaction={interaction} card={card} />}
          {manager !== null && account.messengers && <WriteFirst interaction={interaction} version={version} />}
          {client === null && <Candidates interaction={interaction} />}
          <Suggestions interaction={interaction} />
          {card !== null && <ClientDetails card={card} />}
          {client !== null && <History of={id} recent={card?.recent ?? []} />}
        </div>
        <div class="decisions">
          <Outcome interaction={interaction} />
          <NoteForm interaction={interaction} />
          <Recordings recordings={interaction.recordings} />
        </div>
      </div>
      {route !== null && <Trace route={route} />}
    </article>
  );
}
