import { useText } from '../../i18n/language.tsx';
import { addresses } from '../../session/addresses.ts';

/** The page for an unknown address. */
export function NotFoundPage() {
  const text = useText();
  return (
    <main class="page" id="content">
      <h1>{text.noSuchPage}</h1>
      <p>
        <a href={addresses.desk}>{text.toDesk}</a>
      </p>
    </main>
  );
}
