import { useEffect, useState } from 'preact/hooks';
import { useText } from '../../i18n/language.tsx';
import { type ConversationCounts, type LineHead, writtenLines } from '../../session/inbox-api.ts';
import { ages, channels, type Filters, scopes, states } from './filters.ts';

interface FilterBarProps {
  readonly filters: Filters;
  readonly counts: ConversationCounts | null;
  onChange(filters: Filters): void;
}

/** The filters of the list. The scopes show how many conversations wait in each. */
export function FilterBar({ filters, counts, onChange }: FilterBarProps) {
  const text = useText();
  const [lines, setLines] = useState<readonly LineHead[]>([]);
  useEffect(() => {
    writtenLines().then(setLines, () => {});
  }, []);
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  return (
    <search class="filters">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a row in every browser. */}
      <div class="scopes" role="group" aria-label={text.whichConversations}>
        {scopes.map((scope) => (
          <button
            key={scope}
            type="button"
            class="tab"
            aria-pressed={filters.scope === scope}
            onClick={() => set({ scope })}
          >
            {text[`scope_${scope}`]} {counts !== null && <span class="count">{countText(counts[scope])}</span>}
          </button>
        ))}
      </div>
      <Choice
        label={text.whichConversations}
        value={filters.state}
        options={states.map((state) => [state, state === 'open' ? text.allOpen : text.unansweredOnly])}
        onChange={(state) => set({ state: state as Filters['state'] })}
      />
      <Choice
        label={text.channel}
        value={filters.channel}
        options={channels.map((one) => [one, one === '' ? text.anyChannel : text[one]])}
        onChange={(channel) => set({ channel: channel as Filters['channel'] })}
      />
      {lines.length > 0 && (
        <Choice
          label={text.line}
          value={filters.line}
          options={[['', text.anyLine], ...lines.map(({ id, label }) => [id, label] as const)]}
          onChange={(line) => set({ line })}
        />
      )}
      <Age value={filters.olderThan} onChange={(olderThan) => set({ olderThan })} />
    </search>
  );
}

/** How long they have waited: some usual times, or minutes of choice. */
function Age({ value, onChange }: { readonly value: number; onChange(minutes: number): void }) {
  const text = useText();
  const isUsual = ages.some((one) => one === value);
  const [isOwn, setOwn] = useState(!isUsual);
  const names: Readonly<Record<number, string>> = {
    0: text.anyAge,
    15: `15 ${text.minutes}`,
    60: `1 ${text.hours}`,
    1440: `24 ${text.hours}`,
  };
  return (
    <>
      <Choice
        label={text.age}
        isLabelShown
        value={isOwn || !isUsual ? 'own' : String(value)}
        options={[...ages.map((one) => [String(one), names[one] ?? ''] as const), ['own', text.ownAge]]}
        onChange={(chosen) => {
          setOwn(chosen === 'own');
          if (chosen !== 'own') onChange(Number(chosen));
        }}
      />
      {(isOwn || !isUsual) && (
        <label>
          {text.ageMinutes}{' '}
          <input
            type="number"
            min={1}
            max={525_600}
            value={value === 0 ? '' : value}
            onChange={(event) =>
              onChange(Math.min(Math.max(Math.round(event.currentTarget.valueAsNumber) || 0, 0), 525_600))
            }
          />
        </label>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly isLabelShown?: boolean;
  readonly value: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  onChange(value: string): void;
}

function Choice({ label, isLabelShown = false, value, options, onChange }: ChoiceProps) {
  const select = (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {options.map(([one, name]) => (
        <option key={one} value={one}>
          {name}
        </option>
      ))}
    </select>
  );
  return isLabelShown ? (
    <span>
      {label} {select}
    </span>
  ) : (
    select
  );
}

/** Counting stops at a thousand. */
function countText(count: number): string {
  return count >= 1000 ? '999+' : String(count);
}
