import { useEffect, useState } from 'preact/hooks';
import type { ClientMessage } from '../../src/desk/protocol.ts';
import type { Interaction, Named, Suggestion, SuggestionState } from '../../src/domain/interaction/interaction.ts';
import { ownersOf } from './api.ts';
import { phoneText } from './format.ts';
import { nameOf, offersOf } from './suggestion-offers.ts';
import type { Words } from './words/russian.ts';

interface SuggestionsProps {
  readonly interaction: Interaction;
  readonly text: Words;
  send(message: ClientMessage): boolean;
}

/** Telephones and addresses that stand in what was written: added to the client with one click, dismissed, or taken back. */
export function Suggestions({ interaction, text, send }: SuggestionsProps) {
  const [owners, setOwners] = useState<Readonly<Record<string, readonly Named[]>>>({});
  const { id, client, suggestions = [] } = interaction;
  const open = suggestions.filter(({ state }) => state === 'open');
  useEffect(() => {
    let gone = false;
    for (const one of open) {
      const keep = (found: readonly Named[]) => gone || setOwners((before) => ({ ...before, [nameOf(one)]: found }));
      ownersOf(one.kind, one.value).then(keep, () => keep([]));
    }
    return () => {
      gone = true;
    };
  }, [id, client?.id, open.map(nameOf).join()]);

  const settle = ({ kind, value }: Suggestion, state: SuggestionState) =>
    send({ type: 'suggestion', interaction: id, kind, value, state });
  const offers = offersOf(interaction, owners);
  const settled = suggestions.filter(({ state }) => state !== 'open');
  if (offers.length === 0 && settled.length === 0) return null;
  return (
    <section class="suggestions" aria-label={text.suggestions}>
      <h2>{text.suggestions}</h2>
      <ul class="plain choices">
        {offers.map(({ suggestion, owners: others, addTo, choices }) => (
          <li key={nameOf(suggestion)}>
            <span>
              {valueText(suggestion, text)}
              {others.length > 0 && (
                <span class="quiet">
                  {text.belongsTo} {others.map(({ name }) => name).join(', ')}
                </span>
              )}
            </span>
            {addTo !== null && (
              <button type="button" title={addTo.name} onClick={() => settle(suggestion, 'added')}>
                {text.addToClient}
              </button>
            )}
            {choices.map((choice) => (
              <button
                type="button"
                key={choice.id}
                onClick={() => send({ type: 'choose', interaction: id, client: choice.id })}
              >
                {text.itIs} {choice.name}
              </button>
            ))}
            <button type="button" onClick={() => settle(suggestion, 'dismissed')}>
              {text.dismiss}
            </button>
          </li>
        ))}
        {settled.map((suggestion) => (
          <li key={nameOf(suggestion)}>
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

function valueText({ kind, value, ext }: Suggestion, text: Words): string {
  return [kind === 'phone' ? phoneText(value) : value, ...(ext === null ? [] : [`${text.ext} ${ext}`])].join(' ');
}
