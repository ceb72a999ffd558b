import { useEffect, useState } from 'preact/hooks';
import type { ClientCard } from '../../../../../src/desk/protocol.ts';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import type { UndeliverableAddress } from '../../../../../src/domain/written/undeliverable.ts';
import { useText } from '../../../i18n/language.tsx';
import { clearUndeliverable, undeliverableMark } from '../../../session/api.ts';
import { useMoment } from '../../../session/clock.tsx';
import { useDesk } from '../../../session/desk.tsx';

interface NotesProps {
  readonly interaction: Interaction;
  readonly card: ClientCard | null;
  /** Changes when anything in the conversation changes. */
  readonly version: string;
}

/** Warns of the card's addresses whose letters bounce. */
export function UndeliverableNotes({ interaction, card, version }: NotesProps) {
  const text = useText();
  const moment = useMoment();
  const { setFailed } = useDesk();
  const { email } = interaction.party;
  const [found, setFound] = useState<UndeliverableAddress | null>(null);
  const [cleared, setCleared] = useState<readonly string[]>([]);
  // The marks on the card are as old as the card. The author's own mark is read again with each change.
  useEffect(() => {
    if (email === null) return setFound(null);
    undeliverableMark(email).then(setFound, () => setFound(null));
  }, [email, version, cleared]);
  const others = marksOf(card).filter((mark) => mark.email !== email && !cleared.includes(mark.email));
  const marks = found === null ? others : [found, ...others];
  const clear = (address: string) =>
    clearUndeliverable(address).then(
      () => setCleared([...cleared, address]),
      () => setFailed(true),
    );
  return (
    <>
      {marks.map((mark) => (
        <p class="problem" role="alert" key={mark.email}>
          {text.undeliverable} {mark.email} ({text.downSince} {moment(mark.since)}
          {/^[\d.]*$/.test(mark.why) ? '' : `: ${mark.why}`})
          <button type="button" class="small" onClick={() => clear(mark.email)}>
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
