import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { maxQuestion } from '../../../src/domain/search/question.ts';
import { useText } from '../i18n/language.tsx';
import { addresses } from '../session/addresses.ts';

/** Milliseconds without a key before a search that is shown follows what is typed. */
const settle = 300;

/** The field in the bar that finds contacts by what was written. On the page of results it searches while one types. */
export function SearchField() {
  const text = useText();
  const { path, query, route } = useLocation();
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<number | undefined>(undefined);
  const isShown = path === addresses.search;
  const asked = isShown ? (query.q ?? '') : '';
  useEffect(() => {
    const input = field.current;
    if (input !== null && input !== document.activeElement) input.value = asked;
  }, [asked]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (question: string, isReplaced: boolean) => {
    clearTimeout(timer.current);
    if (question !== '' || isShown) route(addresses.found(question), isReplaced);
  };
  return (
    <search class="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          search(field.current?.value.trim() ?? '', isShown);
        }}
      >
        <input
          ref={field}
          type="search"
          maxLength={maxQuestion}
          aria-label={text.search}
          placeholder={text.search}
          onInput={({ currentTarget }) => {
            clearTimeout(timer.current);
            if (isShown) timer.current = window.setTimeout(() => search(currentTarget.value.trim(), true), settle);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            document.querySelector<HTMLElement>('.found a')?.focus();
          }}
        />
      </form>
    </search>
  );
}
