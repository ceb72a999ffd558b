import type { ClientCard } from '../../../../../src/desk/protocol.ts';
import { useText } from '../../../i18n/language.tsx';
import { Phone } from '../../../parts/calling.tsx';

/** Telephones, deals and people of a client. */
export function ClientDetails({ card }: { readonly card: ClientCard }) {
  const text = useText();
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
                  {person.identifiers.map(({ kind, value }) =>
                    kind === 'phone' ? <Phone key={value} phone={value} /> : <span key={value}>{value}</span>,
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
