import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../../../../../src/domain/directory/client.ts';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import { findClients } from '../../../session/api.ts';
import { useDesk } from '../../../session/desk.tsx';

/** Lets the operator say who an unknown party is. The digits 1–9 choose one of the candidates. */
export function Candidates({ interaction }: { readonly interaction: Interaction }) {
  const text = useText();
  const { send } = useDesk();
  const { candidates } = interaction.match;
  const choose = (client: string) => send({ type: 'choose', interaction: interaction.id, client });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      const candidate = candidates[Number(event.key) - 1];
      if (!isTyping && !event.ctrlKey && !event.altKey && !event.metaKey && candidate !== undefined)
        choose(candidate.client.id);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  return (
    <section class="candidates">
      {candidates.length > 0 && (
        <p>{candidates.every(({ via }) => via.kind === 'domain') ? text.sameDomain : text.whoIsIt}</p>
      )}
      <ul class="plain choices">
        {candidates.map(({ client, contact }, i) => (
          <li key={client.id}>
            <kbd>{i + 1}</kbd>
            <span>
              {client.name}
              {contact !== null && <span class="quiet">{contact.name}</span>}
            </span>
            <button type="button" onClick={() => choose(client.id)}>
              {text.choose}
            </button>
          </li>
        ))}
      </ul>
      <ClientSearch onChoose={choose} />
    </section>
  );
}

/** Milliseconds without typing before a search. */
const typingPause = 200;

function ClientSearch({ onChoose }: { onChoose(client: string): void }) {
  const text = useText();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly Client[]>([]);
  useEffect(() => {
    if (query.trim().length < 2) return setFound([]);
    const timer = setTimeout(() => findClients(query.trim()).then(setFound, () => setFound([])), typingPause);
    return () => clearTimeout(timer);
  }, [query]);
  return (
    <>
      <label>
        {text.find}
        <input type="search" value={query} maxLength={100} onInput={(event) => setQuery(event.currentTarget.value)} />
      </label>
      <ul class="plain choices">
        {found.map((client) => (
          <li key={client.id}>
            <span>{client.name}</span>
            <button type="button" onClick={() => onChoose(client.id)}>
              {text.choose}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
