import type { Presence } from '../../../../src/domain/call/device.ts';
import { useText } from '../../i18n/language.tsx';
import type { Words } from '../../i18n/russian.ts';
import { useDesk } from '../../session/desk.tsx';

/** States of the colleagues' telephones, if the PBX reports them. */
export function Colleagues() {
  const text = useText();
  const { presence, manager: self } = useDesk().state;
  const others = presence.filter(({ manager }) => manager.id !== self);
  if (others.length === 0) return null;
  return (
    <section class="colleagues" aria-label={text.colleagues}>
      <h2>{text.colleagues}</h2>
      <ul class="plain">
        {others.map(({ manager, state }) => (
          <li key={manager.id} class={state}>
            <span class="name">{manager.name}</span> <span class="how">{presenceText(state, text)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function presenceText(state: Presence['state'], text: Words): string {
  switch (state) {
    case 'idle':
      return text.idle;
    case 'ringing':
      return text.rings;
    case 'in_use':
      return text.inCall;
    case 'dnd':
      return text.dnd;
    case 'unavailable':
    case 'unknown':
      return text.away;
  }
}
