import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DeviceState } from '../../../../../src/domain/call/device.ts';
import { useText } from '../../../i18n/language.tsx';
import { presenceText } from '../../../parts/presence-text.ts';
import { useDesk } from '../../../session/desk.tsx';

interface PickerProps {
  onPick(action: 'blind_transfer' | 'attended_transfer', to: string): void;
  onClose(): void;
}

/** Free colleagues come first, then those who may become free. */
const order: readonly DeviceState[] = ['idle', 'paused', 'unknown', 'ringing', 'in_use', 'dnd', 'unavailable'];

/** The colleagues to whom the call can go, with the states of their telephones. Escape closes it. */
export function TransferPicker({ onPick, onClose }: PickerProps) {
  const text = useText();
  const { presence, manager: self } = useDesk().state;
  const list = useRef<HTMLUListElement>(null);
  const others = presence
    .filter(({ manager }) => manager.id !== self)
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  // At once: a key pressed before the paint would go to the page.
  useLayoutEffect(() => list.current?.querySelector('button')?.focus(), []);
  if (others.length === 0) return <p class="quiet">{text.noColleagues}</p>;
  return (
    <ul
      class="plain picker colleagues"
      aria-label={text.transferTo}
      ref={list}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      {others.map(({ manager, state }) => (
        <li key={manager.id} class={state}>
          <span class="name">{manager.name}</span> <span class="how">{presenceText(state, text)}</span>
          <button
            type="button"
            class="small"
            aria-label={`${text.transferNow}: ${manager.name}`}
            onClick={() => onPick('blind_transfer', manager.id)}
          >
            {text.transferNow}
          </button>
          <button
            type="button"
            class="small"
            aria-label={`${text.consultFirst}: ${manager.name}`}
            onClick={() => onPick('attended_transfer', manager.id)}
          >
            {text.consultFirst}
          </button>
        </li>
      ))}
    </ul>
  );
}
