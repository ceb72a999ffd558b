import { useText } from '../../i18n/language.tsx';
import { useSession } from '../../session/account.tsx';
import { FollowUps } from './follow-ups.tsx';

/** The page of tasks and new contacts, for working through them one by one. */
export function OwedPage() {
  const text = useText();
  const { manager } = useSession();
  return (
    <main class="page" id="content">
      <h1>{text.tasks}</h1>
      <p class="quiet">{manager === null ? text.noManager : text.tasksHint}</p>
      <FollowUps none={<p>{text.nothingOwed}</p>} />
    </main>
  );
}
