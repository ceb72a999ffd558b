import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';

const maxShown = 120;

/** The page's id of a message of the conversation. */
export const letterElement = (id: string) => `letter-${id}`;

/** The message that another one answers; a press leads there. */
export function Quotation({ of }: { readonly of: Interaction }) {
  const text = useText();
  const lead = () => {
    const element = document.getElementById(letterElement(of.id));
    element?.scrollIntoView({ block: 'center' });
    element?.focus();
  };
  return (
    <button type="button" class="quotation" onClick={lead}>
      <span class="unseen">{text.answerTo}: </span>
      <b>{authorOf(of, text)}</b> {beginningOf(of)}
    </button>
  );
}

/** Above the form: the message that the answer will quote. */
export function ChosenQuotation({ of, onClear }: { readonly of: Interaction; onClear(): void }) {
  const text = useText();
  return (
    <div class="chosen-quotation">
      <Quotation of={of} />
      <button type="button" class="small" onClick={onClear}>
        {text.dropQuotation}
      </button>
    </div>
  );
}

function authorOf({ direction, handledBy, party }: Interaction, text: ReturnType<typeof useText>): string {
  return direction === 'outbound' ? (handledBy?.name ?? text.ours) : (party.name ?? text.them);
}

function beginningOf({ text, attachments }: Interaction): string {
  const words = (text ?? attachments[0]?.name ?? '').replace(/\s+/g, ' ').trim();
  return words.length > maxShown ? `${words.slice(0, maxShown)}…` : words;
}
