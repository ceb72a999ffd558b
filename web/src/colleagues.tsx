import type { Presence } from '../../src/domain/call/device.ts';
import type { Words } from './words/russian.ts';

interface ColleaguesProps {
  readonly presence: readonly Presence[];
  /** The manager before the page, who is not their own colleague. */
  readonly self: string | null;
  readonly text: Words;
}

/** How the colleagues' telephones are; nothing while the PBX tells nothing. */
export function Colleagues({ presence, self, text }: ColleaguesProps) {
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
