import { useEffect, useState } from 'preact/hooks';
import type {
  Interaction,
  Named,
  Suggestion,
  SuggestionState,
} from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import type { Words } from '../../../i18n/russian.ts';
import { phoneText } from '../../../parts/format.ts';
import { ownersOf } from '../../../session/api.ts';
import { useDesk } from '../../../session/desk.tsx';
import { keyOf, type Offer, offersOf } from './suggestion-offers.ts';

/** Telephone numbers and addresses found in a text: one click adds them to the client or dismisses them. */
export function Suggestions({ interaction }: { readonly interaction: Interaction }) {
  const text = useText();
  const { send } = useDesk();
  const owners = useOwners(interaction);
  const { id, suggestions = [] } = interaction;
  const offers = offersOf(interaction, owners);
  const settled = suggestions.filter(({ state }) => state !== 'open');
  if (offers.length === 0 && settled.length === 0) return null;
  const settle = ({ kind, value }: Suggestion, state: SuggestionState) =>
    send({ type: 'suggestion', interaction: id, kind, value, state });
  return (
    <section class="suggestions" aria-label={text.suggestions}>
      <h2>{text.suggestions}</h2>
      <ul class="plain choices">
        {offers.map((offer) => (
          <OfferRow
            key={keyOf(offer.suggestion)}
            offer={offer}
            onSettle={(state) => settle(offer.suggestion, state)}
            onChoose={(client) => send({ type: 'choose', interaction: id, client })}
          />
        ))}
        {settled.map((suggestion) => (
          <li key={keyOf(suggestion)}>
            <span>
              {valueText(suggestion, text)}
              <span class="quiet">
                {[suggestion.state === 'added' ? text.added : text.dismissed, suggestion.by?.name].join(': ')}
              </span>
            </span>
            <button type="button" onClick={() => settle(suggestion, 'open')}>
              {text.takeBack}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface OfferRowProps {
  readonly offer: Offer;
  onSettle(state: SuggestionState): void;
  onChoose(client: string): void;
}

function OfferRow({ offer, onSettle, onChoose }: OfferRowProps) {
  const text = useText();
  const { suggestion, owners, addTo, choices } = offer;
  return (
    <li>
      <span>
        {valueText(suggestion, text)}
        {owners.length > 0 && (
          <span class="quiet">
            {text.belongsTo} {owners.map(({ name }) => name).join(', ')}
          </span>
        )}
      </span>
      {addTo !== null && (
        <button type="button" title={addTo.name} onClick={() => onSettle('added')}>
          {text.addToClient}
        </button>
      )}
      {choices.map(({ id, name }) => (
        <button type="button" key={id} onClick={() => onChoose(id)}>
          {text.itIs} {name}
        </button>
      ))}
      <button type="button" onClick={() => onSettle('dismissed')}>
        {text.dismiss}
      </button>
    </li>
  );
}

/** Loads the owners of the open suggestions, by {@link keyOf}. */
function useOwners({ id, client, suggestions = [] }: Interaction): Readonly<Record<string, readonly Named[]>> {
  const [owners, setOwners] = useState<Readonly<Record<string, readonly Named[]>>>({});
  const open = suggestions.filter(({ state }) => state === 'open');
  useEffect(() => {
    let isGone = false;
    for (const one of open) {
      const keep = (found: readonly Named[]) => isGone || setOwners((known) => ({ ...known, [keyOf(one)]: found }));
      ownersOf(one.kind, one.value).then(keep, () => keep([]));
    }
    return () => {
      isGone = true;
    };
  }, [id, client?.id, open.map(keyOf).join()]);
  return owners;
}

function valueText({ kind, value, ext }: Suggestion, text: Words): string {
  return [kind === 'phone' ? phoneText(value) : value, ...(ext === null ? [] : [`${text.ext} ${ext}`])].join(' ');
}
