import { useEffect, useState } from 'preact/hooks';
import type { UndeliverableAddress } from '../../../../src/domain/written/undeliverable.ts';
import { useText } from '../../i18n/language.tsx';
import { clearUndeliverable, RefusedError, undeliverableAddresses } from '../../session/api.ts';
import { useMoment } from '../../session/clock.tsx';
import { useDesk } from '../../session/desk.tsx';

/** All addresses whose letters bounce. */
export function UndeliverablePage() {
  const text = useText();
  const moment = useMoment();
  const { setFailed } = useDesk();
  const [marks, setMarks] = useState<readonly UndeliverableAddress[] | null>(null);
  const [isForbidden, setForbidden] = useState(false);
  useEffect(() => {
    undeliverableAddresses().then(setMarks, (error: unknown) => {
      if (error instanceof RefusedError && error.status === 403) setForbidden(true);
      else setFailed(true);
    });
  }, []);
  const clear = (email: string) =>
    clearUndeliverable(email).then(
      () => setMarks((known) => (known ?? []).filter((mark) => mark.email !== email)),
      () => setFailed(true),
    );
  return (
    <main class="page" id="content" aria-busy={marks === null && !isForbidden}>
      <h1>{text.undeliverablePage}</h1>
      <p class="quiet">{isForbidden ? text.undeliverableForbidden : text.undeliverableHint}</p>
      {marks?.length === 0 && <p>{text.noUndeliverable}</p>}
      <ul class="plain marks">
        {marks?.map(({ email, since, why }) => (
          <li key={email}>
            <span>
              <b>{email}</b> {text.downSince} <time dateTime={since}>{moment(since)}</time>
              {why !== '' && <span class="quiet">{why}</span>}
            </span>
            <button type="button" onClick={() => clear(email)}>
              {text.arrivesAgain}
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}
