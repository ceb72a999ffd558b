import { useState } from 'preact/hooks';
import type { ClientCard } from '../../../../../src/desk/protocol.ts';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { languageOf } from '../../../../../src/domain/written/canned-answer.ts';
import { useText } from '../../../i18n/language.tsx';
import { write } from '../../../session/api.ts';
import { useDesk } from '../../../session/desk.tsx';
import { DraftForm } from './draft-form.tsx';

interface NewLetterProps {
  readonly interaction: Interaction;
  readonly card: ClientCard | null;
}

/** A letter that begins a conversation with the party or its client, if an address is known. */
export function NewLetter({ interaction, card }: NewLetterProps) {
  const text = useText();
  const { open } = useDesk();
  const addresses = addressesOf(interaction, card);
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState('');
  const to = addresses.includes(chosen) ? chosen : addresses[0];
  if (to === undefined) return null;
  return (
    <section class="new-letter" aria-label={text.newLetter}>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {text.newLetter}
      </button>
      {isOpen && (
        <>
          <label class="to">
            {text.to}
            <select aria-label={text.to} value={to} onChange={(event) => setChosen(event.currentTarget.value)}>
              {addresses.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <DraftForm
            name={`letter:${interaction.id}`}
            label={text.letterText}
            subject=""
            canned={{ interaction, channel: 'email', language: languageOf(interaction.text ?? '') }}
            send={(message) => write({ to, ...message })}
            onSent={(sent) => {
              setOpen(false);
              open(sent);
            }}
          />
        </>
      )}
    </section>
  );
}

/** Addresses of the party, then of the client, then of the client's people. */
function addressesOf({ party }: Interaction, card: ClientCard | null): readonly string[] {
  const known = [...(card?.identifiers ?? []), ...(card?.contacts ?? []).flatMap((one) => one.identifiers)];
  const emails = known.filter(({ kind }) => kind === 'email').map(({ value }) => value);
  return [...new Set([...(party.email === null ? [] : [party.email]), ...emails])];
}
