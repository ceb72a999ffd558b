import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import type { Words } from '../../../i18n/russian.ts';
import { ContactList } from '../../../parts/contact-list.tsx';
import { stateText } from '../../../state-text.ts';

/** Earlier interactions with the client, besides the open one. */
export function History({ of, recent }: { readonly of: string; readonly recent: readonly Interaction[] }) {
  const text = useText();
  const earlier = recent.filter(({ id }) => id !== of);
  return (
    <section>
      <h2>{text.history}</h2>
      {earlier.length === 0 ? (
        <p class="quiet">{text.noHistory}</p>
      ) : (
        <ContactList interactions={earlier} nameOf={(one) => nameInHistory(one, text)} />
      )}
    </section>
  );
}

/** Of a call who handled it, of a message how it begins. */
function nameInHistory(interaction: Interaction, text: Words): string {
  const { channel, handledBy, subject, text: body } = interaction;
  if (channel !== 'call') return (subject ?? body ?? '').slice(0, 80) || stateText(interaction, text);
  return handledBy?.name ?? stateText(interaction, text);
}
