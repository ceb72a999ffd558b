import { useState } from 'preact/hooks';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { forwardSubject } from '../../../../../src/domain/written/written-contact.ts';
import { useText } from '../../../i18n/language.tsx';
import { useSession } from '../../../session/account.tsx';
import { write } from '../../../session/api.ts';
import { useDesk } from '../../../session/desk.tsx';
import { useDraft } from '../../../session/drafts.ts';
import { addressesIn, areAddresses } from './copies.tsx';
import { DraftForm } from './draft-form.tsx';

/** Passes a letter on to somebody else, with its files. */
export function Forward({ letter }: { readonly letter: Interaction }) {
  const text = useText();
  const { manager } = useSession();
  const { open } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const [to, setTo] = useDraft(`forward:${letter.id}:to`);
  if (manager === null) return null;
  const isAddress = addressesIn(to).length === 1 && areAddresses(to);
  return (
    <section class="forward" aria-label={text.forward}>
      <button type="button" class="link-like" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {text.forward}
      </button>
      {isOpen && (
        <>
          <input
            type="email"
            class="to"
            aria-label={text.to}
            placeholder={text.to}
            maxLength={254}
            value={to}
            onInput={(event) => setTo(event.currentTarget.value)}
          />
          <DraftForm
            name={`forward:${letter.id}`}
            label={text.letterText}
            hint={text.forwardHint}
            subject={forwardSubject(letter.subject)}
            mayBeEmpty
            canSend={isAddress}
            send={(message) => write({ to: to.trim(), forward: letter.id, ...message })}
            onSent={(sent) => {
              setTo('');
              setOpen(false);
              open(sent);
            }}
          />
        </>
      )}
    </section>
  );
}
