import { useEffect, useState } from 'preact/hooks';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { plural } from '../../i18n/plural.ts';
import { type Colleague, colleagues } from '../../session/api.ts';

interface BulkBarProps {
  readonly count: number;
  readonly isBusy: boolean;
  onHandOver(to: Taker, note: string): void;
  onClose(): void;
}

/** Who takes conversations over: a manager, or a department that deals them out. */
export type Taker = { readonly to: string } | { readonly department: string };

/** What can be done to the selected conversations at once. */
export function BulkBar({ count, isBusy, onHandOver, onClose }: BulkBarProps) {
  const text = useText();
  const language = useLanguage();
  const [managers, setManagers] = useState<readonly Colleague[]>([]);
  const [chosen, setChosen] = useState('');
  const [note, setNote] = useState('');
  useEffect(() => {
    colleagues().then(setManagers, () => {});
  }, []);
  const departments = [...new Set(managers.flatMap(({ department }) => department ?? []))].sort();
  return (
    <form
      class="bulk"
      aria-label={text.selectedConversations}
      onSubmit={(event) => {
        event.preventDefault();
        const taker = takerIn(chosen);
        if (taker !== null && count > 0) onHandOver(taker, note.trim());
      }}
    >
      <span role="status">{plural(language, count, text.selectedCount)}</span>
      <select aria-label={text.handOverTo} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
        <option value="">{text.handOverTo}…</option>
        {departments.length > 0 && (
          <optgroup label={text.departments}>
            {departments.map((name) => (
              <option key={name} value={`department:${name}`}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label={text.managers}>
          {managers.map(({ id, name }) => (
            <option key={id} value={`manager:${id}`}>
              {name}
            </option>
          ))}
        </optgroup>
      </select>
      <input
        aria-label={text.handOverNote}
        placeholder={text.handOverNote}
        maxLength={2000}
        value={note}
        onInput={(event) => setNote(event.currentTarget.value)}
      />
      <button type="submit" disabled={isBusy || count === 0 || chosen === ''}>
        {text.handOver}
      </button>
      <button type="button" disabled={isBusy || count === 0} onClick={onClose}>
        {text.closeSelected}
      </button>
    </form>
  );
}

function takerIn(chosen: string): Taker | null {
  const name = chosen.slice(chosen.indexOf(':') + 1);
  if (chosen.startsWith('manager:')) return { to: name };
  return chosen.startsWith('department:') ? { department: name } : null;
}
