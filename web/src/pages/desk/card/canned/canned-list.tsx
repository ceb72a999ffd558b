import { useEffect } from 'preact/hooks';
import { useLanguage, useText } from '../../../../i18n/language.tsx';
import { plural } from '../../../../i18n/plural.ts';
import type { Canned } from './use-canned.ts';

interface CannedListProps {
  readonly canned: Canned;
  /** Unique on the page; see {@link pointersTo}. */
  readonly id: string;
}

/** The canned answers that a slash offers, below the text. The focus stays in the text, and so do the keys. */
export function CannedList({ canned: { isOpen, offered, active, choose }, id }: CannedListProps) {
  const text = useText();
  const language = useLanguage();
  useEffect(() => {
    if (isOpen) document.getElementById(optionId(id, active))?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, active]);
  return (
    <>
      <span class="announce" role="status">
        {isOpen && (offered.length === 0 ? text.noCanned : plural(language, offered.length, text.cannedCount))}
      </span>
      {isOpen && offered.length > 0 && (
        <div id={listId(id)} role="listbox" aria-label={text.cannedAnswers}>
          {offered.map((answer, n) => (
            <div
              key={answer.id}
              id={optionId(id, n)}
              role="option"
              tabIndex={-1}
              aria-selected={n === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(answer)}
              onKeyDown={() => {}}
            >
              <b>{answer.title}</b>
              {answer.language !== null && <span class="chip">{answer.language.toUpperCase()}</span>}
              <span class="quiet">{answer.text.slice(0, 100)}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}

/**
 * The attributes by which a text points to its list. A text of several lines can't have the role of a combobox; a text field may
 * point to a list all the same.
 */
export function pointersTo({ isOpen, offered, active }: Canned, id: string) {
  return {
    'aria-autocomplete': 'list',
    'aria-haspopup': 'listbox',
    ...(isOpen && offered.length > 0 && { 'aria-controls': listId(id), 'aria-activedescendant': optionId(id, active) }),
  } as const;
}

function listId(id: string): string {
  return `${id}-list`;
}

function optionId(id: string, n: number): string {
  return `${id}-${n}`;
}
