import { useState } from 'preact/hooks';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import { durationText } from '../../../parts/format.ts';
import { cancelMessage, sendNow } from '../../../session/api.ts';
import { useMoment, useNow } from '../../../session/clock.tsx';
import { useDesk } from '../../../session/desk.tsx';

/** Until it is shorter than this, a wait is told by its end. Milliseconds. */
const countedDown = 60_000;

interface PostponedProps {
  readonly message: Interaction;
  /** Called when the message has been taken back. */
  onTakenBack(): void;
}

/** When one's own message leaves, with the choice to take it back or to send it at once. Nothing once it has left. */
export function Postponed({ message, onTakenBack }: PostponedProps) {
  const text = useText();
  const moment = useMoment();
  const now = useNow();
  const { setFailed } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const { id, state, sendAt } = message;
  if (state !== 'queued' || sendAt == null) return null;
  const left = Date.parse(sendAt) - now.getTime();
  const isSoon = left < countedDown;
  const act = (asked: Promise<unknown>, done?: () => void) => {
    setBusy(true);
    asked.then(done, () => setFailed(true)).finally(() => setBusy(false));
  };
  return (
    <p class="about postponed" role="status">
      <span aria-live="off">
        {text.leaves} {isSoon ? durationText(Math.max(0, Math.ceil(left / 1000)), text) : moment(sendAt)}
      </span>
      <button type="button" class="small" disabled={isBusy} onClick={() => act(cancelMessage(id), onTakenBack)}>
        {text.cancelSending}
      </button>
      {!isSoon && (
        <button type="button" class="small" disabled={isBusy} onClick={() => act(sendNow(id))}>
          {text.sendNow}
        </button>
      )}
    </p>
  );
}
