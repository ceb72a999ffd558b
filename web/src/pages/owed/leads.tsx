import type { Lead } from '../../../../src/domain/follow-up/follow-up.ts';
import { useText } from '../../i18n/language.tsx';
import { channelSign } from '../../parts/channel-sign.ts';
import { useMoment } from '../../session/clock.tsx';
import { useOpenById } from './open-by-id.ts';
import { partyText } from './party-text.ts';

interface LeadsProps {
  readonly leads: readonly Lead[];
  onTake(lead: Lead): void;
}

/** The pool: new contacts that no manager has taken yet. */
export function Leads({ leads, onTake }: LeadsProps) {
  const text = useText();
  const moment = useMoment();
  const openById = useOpenById();
  if (leads.length === 0) return null;
  return (
    <section class="owed" aria-label={text.leads}>
      <h2>
        {text.leads} <span class="count">{leads.length}</span>
      </h2>
      <ul class="list">
        {leads.map((lead) => (
          <li key={lead.id} class="item">
            <button type="button" class="row" onClick={() => openById(lead.latest)}>
              <span class="arrow" role="img" aria-label={text[lead.channel]}>
                {channelSign[lead.channel]}
              </span>
              <span class="name">{lead.party.name ?? partyText(lead.party, text)}</span>
              <time dateTime={lead.updatedAt}>{moment(lead.updatedAt)}</time>
              <span class="detail">
                {[lead.line?.label, lead.attribution?.campaign].filter(Boolean).join(' · ') || text[lead.channel]}
                {lead.contacts > 1 ? ` · ×${lead.contacts}` : ''}
              </span>
            </button>
            <button type="button" class="small" onClick={() => onTake(lead)}>
              {text.take}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
