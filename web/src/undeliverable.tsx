import { useEffect, useState } from 'preact/hooks';
import type { ClientCard } from '../../src/desk/protocol.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { UndeliverableAddress } from '../../src/domain/written/undeliverable.ts';
import { clearUndeliverable, undeliverableMark } from './api.ts';
import { momentText } from './format.ts';
import { undeliverableText } from './i18n/reasons/text.ts';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

interface NotesProps {
  readonly interaction: Interaction;
  readonly card: ClientCard | null;
  /** Changes when anything of this contact's conversation has changed. */
  readonly version: string;
  readonly text: Words;
  readonly language: Language;
  readonly now: Date;
  readonly timezone: string;
  onFailed(): void;
}

/** Which addresses of a card letters come back from, above where one writes to them. */
export function UndeliverableNotes(props: NotesProps) {
  const { interaction, card, version, text, language, now, timezone, onFailed } = props;
  const { email } = interaction.party;
  const [found, setFound] = useState<UndeliverableAddress | null>(null);
  const [cleared, setCleared] = useState<readonly string[]>([]);
  // The card's marks are as old as the card; of who wrote they are asked anew with each change.
  useEffect(() => {
    if (email === null) return setFound(null);
    undeliverableMark(email).then(setFound, () => setFound(null));
  }, [email, version, cleared]);
  const others = marksOf(card).filter((mark) => mark.email !== email && !cleared.includes(mark.email));
  const marks = found === null ? others : [found, ...others];
  const why = (mark: UndeliverableAddress) => {
    const known = undeliverableText(mark, language);
    return known === null ? '' : `: ${known}`;
  };
  return (
    <>
      {marks.map((mark) => (
        <p class="problem" role="alert" key={mark.email} title={mark.why}>
          {text.undeliverable} {mark.email} ({text.downSince} {momentText(mark.since, language, now, timezone)}
          {why(mark)})
          <button
            type="button"
            class="small"
            onClick={() => {
              clearUndeliverable(mark.email).then(() => setCleared([...cleared, mark.email]), onFailed);
            }}
          >
            {text.arrivesAgain}
          </button>
        </p>
      ))}
    </>
  );
}

function marksOf(card: ClientCard | null): readonly UndeliverableAddress[] {
  const all = [...(card?.identifiers ?? []), ...(card?.contacts ?? []).flatMap((one) => one.identifiers)];
  const marks = all.flatMap(({ value, undeliverable }) =>
    undeliverable === undefined ? [] : [{ email: value, ...undeliverable }],
  );
  return [...new Map(marks.map((mark) => [mark.email, mark])).values()];
}
