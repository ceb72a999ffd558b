import { useEffect, useId, useState } from 'preact/hooks';
import { useLanguage } from '../i18n/language.tsx';
import { plural } from '../i18n/plural.ts';
import type { Plural } from '../i18n/plural-forms.ts';

/** A row of the list. */
export interface Choice {
  readonly id: string;
  readonly name: string;
  /** A word in a frame beside the name. */
  readonly mark?: string;
  readonly about?: string;
}

interface ComboboxProps {
  readonly label: string;
  /** What the list is called. */
  readonly listLabel: string;
  /** How many rows there are, for people who cannot see them. */
  readonly counted: Plural;
  /** What is said when nothing matches; absent: nothing. */
  readonly none?: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  /** Whether typing opens the list; the arrow down always does. */
  readonly opensByTyping: boolean;
  readonly maxLength: number;
  readonly placeholder?: string;
  /** Id of an element that says what is wrong with the value; null if nothing is. */
  readonly faultId?: string | null;
  onInput(text: string): void;
  onChoose(id: string): void;
}

/** A text field with a list below it: arrows choose, Enter takes, Escape closes. The focus stays in the field. */
export function Combobox({
  label,
  listLabel,
  counted,
  none,
  value,
  choices,
  opensByTyping,
  maxLength,
  placeholder,
  faultId = null,
  onInput,
  onChoose,
}: ComboboxProps) {
  const language = useLanguage();
  const id = useId();
  const [isOpened, setOpened] = useState(false);
  const [active, setActive] = useState(0);
  const isOpen = isOpened && choices.length > 0;
  const current = choices[Math.min(active, choices.length - 1)];
  const listId = `${id}-list`;
  const optionId = (n: number) => `${id}-${n}`;
  useEffect(() => {
    if (isOpen) document.getElementById(optionId(active))?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, active]);
  const open = () => {
    setActive(0);
    setOpened(true);
  };
  const choose = (one: Choice) => {
    setOpened(false);
    onChoose(one.id);
  };
  /** Handles a key; true if the list used it. */
  const press = (key: string): boolean => {
    if (key === 'ArrowDown' && !isOpen) open();
    else if (!isOpen) return false;
    else if (key === 'ArrowDown') setActive((active + 1) % choices.length);
    else if (key === 'ArrowUp') setActive((active + choices.length - 1) % choices.length);
    else if (key === 'Escape') setOpened(false);
    else if (key === 'Enter' && current !== undefined) choose(current);
    else return false;
    return true;
  };
  return (
    <div class="canned">
      <input
        type="text"
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={isOpen ? optionId(Math.min(active, choices.length - 1)) : undefined}
        aria-invalid={faultId !== null}
        aria-describedby={faultId ?? undefined}
        autocomplete="off"
        maxLength={maxLength}
        placeholder={placeholder}
        value={value}
        onInput={(event) => {
          onInput(event.currentTarget.value);
          if (opensByTyping) open();
        }}
        onClick={() => opensByTyping && open()}
        onBlur={() => setOpened(false)}
        onKeyDown={(event) => {
          const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey && !event.isComposing;
          if (isPlain && press(event.key)) event.preventDefault();
        }}
      />
      <span class="announce" role="status">
        {isOpen ? plural(language, choices.length, counted) : isOpened && none !== undefined ? none : ''}
      </span>
      <div id={listId} role="listbox" aria-label={listLabel} hidden={!isOpen}>
        {isOpen &&
          choices.map((one, n) => (
            <div
              key={one.id}
              id={optionId(n)}
              role="option"
              tabIndex={-1}
              aria-selected={one === current}
              // The focus stays in the field, and so do the keys.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(one)}
              onKeyDown={() => {}}
            >
              <b>{one.name}</b>
              {one.mark !== undefined && <span class="chip">{one.mark}</span>}
              {one.about !== undefined && <span class="quiet">{one.about}</span>}
            </div>
          ))}
      </div>
    </div>
  );
}
