import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useText } from '../i18n/language.tsx';
import { useDesk } from '../session/desk.tsx';
import { Alarms } from './alarms.tsx';
import { callerText } from './alerts.ts';
import { Bar } from './bar.tsx';
import { CallStatus } from './call-status.tsx';
import { elsewhere } from './elsewhere.ts';

/** What surrounds every page: the bar, alarms, failures, and the news that somebody calls. */
export function Frame({ children }: { readonly children: ComponentChildren }) {
  const text = useText();
  return (
    <>
      <a class="skip" href="#content">
        {text.toContent}
      </a>
      <Bar />
      <Alarms />
      <Failure />
      <CallStatus />
      <Ringing />
      {children}
    </>
  );
}

function Failure() {
  const text = useText();
  const { hasFailed, setFailed } = useDesk();
  if (!hasFailed) return null;
  return (
    <div class="refused" role="alert">
      <span>{text.refused}</span>
      <button type="button" onClick={() => setFailed(false)}>
        {text.close}
      </button>
    </div>
  );
}

/** Announces a ringing call to screen readers, and in the tab's title. */
function Ringing() {
  const text = useText();
  const { cards, manager } = useDesk().state;
  const ringing = cards.find(
    ({ interaction }) => interaction.state === 'ringing' && elsewhere(interaction, manager) === null,
  );
  const caller = ringing === undefined ? null : callerText(ringing.interaction, text);
  useEffect(() => {
    document.title = caller === null ? `${text.title} — Patchbay` : `☎ ${caller}`;
  }, [caller, text]);
  return (
    <div class="announce" aria-live="assertive">
      {caller === null ? '' : `${text.ringing}: ${caller}`}
    </div>
  );
}
