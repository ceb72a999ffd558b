import { useText } from '../../i18n/language.tsx';
import { ContactList } from '../../parts/contact-list.tsx';
import { useTimeZone } from '../../session/account.tsx';
import { useNow } from '../../session/clock.tsx';
import { useDesk } from '../../session/desk.tsx';
import { callsOfDay } from '../../session/desk-state.ts';

/** This manager's calls of the day. */
export function Today() {
  const text = useText();
  const timezone = useTimeZone();
  const now = useNow();
  const { known, manager } = useDesk().state;
  if (manager === null) return null;
  const calls = callsOfDay(known, manager, now, timezone);
  return (
    <section class="today" aria-label={text.today}>
      <h2>
        {text.today} {calls.length > 0 && <span class="count">{calls.length}</span>}
      </h2>
      {calls.length === 0 ? <p class="quiet">{text.noToday}</p> : <ContactList interactions={calls} />}
    </section>
  );
}
