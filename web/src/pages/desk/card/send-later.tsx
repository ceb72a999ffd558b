import { useState } from 'preact/hooks';
import { momentOf, toWallClock } from '../../../../../src/domain/base/zoned-time.ts';
import { useText } from '../../../i18n/language.tsx';
import { useTimeZone } from '../../../session/account.tsx';

const hour = 3_600_000;
/** How far ahead the server takes a message, in milliseconds. */
const furthest = 90 * 24 * hour;

interface SendLaterProps {
  readonly isReady: boolean;
  /** Called with the chosen time, RFC 3339. */
  onChoose(sendAt: string): void;
}

/** A button that asks when to send: in an hour, tomorrow morning, or at a time of choice in the company's time zone. */
export function SendLater({ isReady, onChoose }: SendLaterProps) {
  const text = useText();
  const timezone = useTimeZone();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const now = Date.now();
  const chosen = typed === '' ? null : momentOf(typed, timezone);
  const isFuture = chosen !== null && chosen > now && chosen < now + furthest;
  const choose = (at: number) => {
    setOpen(false);
    setTyped('');
    onChoose(new Date(at).toISOString());
  };
  return (
    <>
      <button type="button" aria-expanded={isOpen} disabled={!isReady} onClick={() => setOpen(!isOpen)}>
        {text.sendLater}
      </button>
      {isOpen && (
        <fieldset class="later" aria-label={text.sendLater}>
          <button type="button" onClick={() => choose(now + hour)}>
            {text.inAnHour}
          </button>
          <button type="button" onClick={() => choose(tomorrowMorning(now, timezone))}>
            {text.tomorrowMorning}
          </button>
          <input
            type="datetime-local"
            aria-label={text.sendAt}
            min={localText(now, timezone)}
            max={localText(now + furthest, timezone)}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <button type="button" disabled={!isFuture} onClick={() => chosen !== null && choose(chosen)}>
            {text.sendThen}
          </button>
        </fieldset>
      )}
    </>
  );
}

function tomorrowMorning(now: number, timezone: string): number {
  const day = localText(now + 24 * hour, timezone).slice(0, 10);
  return momentOf(`${day}T09:00`, timezone) ?? now + 24 * hour;
}

/** A moment as the value of a `datetime-local` field: the time in the zone, to the minute. */
function localText(at: number, timezone: string): string {
  return new Date(toWallClock(at, timezone)).toISOString().slice(0, 16);
}
