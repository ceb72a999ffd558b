import { useEffect, useRef } from 'preact/hooks';
import type { ListedConversation } from '../../../../src/domain/ports/queries.ts';
import { ownerOf } from '../../../../src/domain/written/conversation.ts';
import { useText } from '../../i18n/language.tsx';
import { callerText } from '../../parts/alerts.ts';
import { channelSign } from '../../parts/channel-sign.ts';
import { addresses } from '../../session/addresses.ts';
import { useMoment } from '../../session/clock.tsx';
import { isTakenBack } from '../../state-text.ts';
import { allToggled, moved, type Selection, toggled } from './selection.ts';

interface RowsProps {
  readonly items: readonly ListedConversation[];
  readonly selection: Selection;
  /** Changes the selection and returns the changed one. */
  onSelect(change: (known: Selection) => Selection): Selection;
}

/** The rows of the list. The focus moves with the arrows; `x` selects, and shift selects a range. */
export function Rows({ items, selection, onSelect }: RowsProps) {
  const text = useText();
  const list = useRef<HTMLUListElement>(null);
  const ids = items.map(({ id }) => id);
  const { current, selected } = selection;
  const focus = (id: string | null) => {
    if (id === null) return;
    const row = [...(list.current?.children ?? [])].find((one) => (one as HTMLElement).dataset.id === id);
    row?.querySelector<HTMLElement>('a')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const change = changeBy(event, ids);
    if (change === null) return;
    event.preventDefault();
    focus(onSelect(change).current);
  };
  // A row that vanishes takes the focus along; the keyboard goes on in the list.
  const had = useRef(false);
  useEffect(() => {
    if (had.current && document.activeElement === document.body) list.current?.querySelector('a')?.focus();
    had.current = false;
  }, [items]);
  return (
    <>
      <label class="all">
        <input
          type="checkbox"
          checked={ids.length > 0 && ids.every((id) => selected.has(id))}
          onChange={() => onSelect((known) => allToggled(known, ids))}
        />{' '}
        {text.selectAll}
      </label>
      <ul
        class="list conversations"
        ref={list}
        aria-label={text.conversations}
        onKeyDown={onKeyDown}
        onFocusOut={() => {
          had.current = true;
        }}
      >
        {items.map((one) => (
          <Row
            key={one.id}
            conversation={one}
            isSelected={selected.has(one.id)}
            isCurrent={current === one.id}
            onToggle={(range) => onSelect((known) => toggled(known, ids, one.id, range))}
            onReach={() => onSelect((known) => (known.current === one.id ? known : { ...known, current: one.id }))}
          />
        ))}
      </ul>
    </>
  );
}

/** How a key changes the selection, or null. */
function changeBy(event: KeyboardEvent, ids: readonly string[]): ((known: Selection) => Selection) | null {
  const { shiftKey } = event;
  // The position of the key, so that the keyboard's layout does not matter.
  if (event.code === 'KeyX')
    return (known) => (known.current === null ? known : toggled(known, ids, known.current, shiftKey));
  if (event.key === 'ArrowDown') return (known) => moved(known, ids, 1, shiftKey);
  return event.key === 'ArrowUp' ? (known) => moved(known, ids, -1, shiftKey) : null;
}

interface RowProps {
  readonly conversation: ListedConversation;
  readonly isSelected: boolean;
  readonly isCurrent: boolean;
  onToggle(range: boolean): void;
  onReach(): void;
}

function Row({ conversation, isSelected, isCurrent, onToggle, onReach }: RowProps) {
  const text = useText();
  const moment = useMoment();
  const { id, latest, waitingSince } = conversation;
  const who = callerText(latest, text);
  const since = waitingSince ?? latest.startedAt;
  return (
    <li
      class={`item ${isTakenBack(latest) ? 'taken-back' : ''} ${isSelected ? 'selected' : ''} ${isCurrent ? 'current' : ''} ${waitingSince === null ? '' : 'late'}`}
      data-id={id}
      onFocusIn={onReach}
    >
      <input
        type="checkbox"
        aria-label={`${text.selectConversation}: ${who}`}
        checked={isSelected}
        onClick={(event) => onToggle(event.shiftKey)}
      />
      <a class="row" href={addresses.interaction(latest.id)}>
        <span class="arrow" role="img" aria-label={text[latest.channel]}>
          {channelSign[latest.channel]}
        </span>
        <span class="name">{who}</span>
        <time dateTime={since}>{moment(since)}</time>
        <span class="detail">
          {[
            ownerOf(latest)?.name ?? text.nobodys,
            latest.line?.label,
            isTakenBack(latest) ? text.takenBack : null,
            latest.deletedAt === null ? null : text.deletedByWriter,
            waitingSince === null ? null : `${text.waitsSince} ${moment(waitingSince)}`,
            (latest.subject ?? latest.text ?? '').slice(0, 120),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </a>
    </li>
  );
}
