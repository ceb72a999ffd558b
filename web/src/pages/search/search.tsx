import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Interaction } from '../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../i18n/language.tsx';
import { searchContacts } from '../../session/api.ts';
import { Found } from './found.tsx';

interface Results {
  readonly question: string;
  readonly items: readonly Interaction[];
  readonly next: string | null;
}

/** What a search over letters, messages, forms and notes finds. The question is in the address. */
export function SearchPage() {
  const text = useText();
  const question = useLocation().query.q ?? '';
  const [results, setResults] = useState<Results | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const load = (earlier: Results | null) => {
    let isWanted = true;
    setFailed(false);
    if (question === '') setResults(null);
    else
      searchContacts(question, earlier?.next ?? null).then(
        ({ items, next }) => isWanted && setResults({ question, items: [...(earlier?.items ?? []), ...items], next }),
        () => isWanted && setFailed(true),
      );
    return () => {
      isWanted = false;
    };
  };
  useEffect(() => load(null), [question]);
  const isLoading = question !== '' && results?.question !== question && !hasFailed;
  return (
    <main class="page" id="content" aria-busy={isLoading}>
      <h1>{text.searchPage}</h1>
      {question === '' ? <p class="quiet">{text.searchHint}</p> : null}
      <div role="status">
        {isLoading && text.loading}
        {hasFailed && text.failed}
        {!isLoading && !hasFailed && results?.items.length === 0 && results.next === null && text.nothingFound}
      </div>
      {results !== null && <Found interactions={results.items} question={results.question} />}
      {results !== null && results.next !== null && (
        <button type="button" onClick={() => load(results)}>
          {text.searchMore}
        </button>
      )}
    </main>
  );
}
