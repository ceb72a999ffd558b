import type { Presence } from '../../../../src/domain/call/device.ts';
import { useText } from '../../i18n/language.tsx';
import { useCommands } from '../../parts/commands.ts';
import { presenceText } from '../../parts/presence-text.ts';
import { useSession } from '../../session/account.tsx';
import { pickUp } from '../../session/api.ts';
import { useDesk } from '../../session/desk.tsx';

/** States of the colleagues' telephones, if the PBX reports them. A ringing call can be picked up. */
export function Colleagues() {
  const text = useText();
  const { presence, manager: self } = useDesk().state;
  const { isBusy, refusal, run } = useCommands();
  const others = presence.filter(({ manager }) => manager.id !== self);
  if (others.length === 0) return null;
  return (
    <section class="colleagues" aria-label={text.colleagues}>
      <h2>{text.colleagues}</h2>
      <ul class="plain">
        {others.map((one) => (
          <Colleague key={one.manager.id} {...one} isBusy={isBusy} onPickUp={(id) => run(() => pickUp(id))} />
        ))}
      </ul>
      {refusal !== null && <p role="alert">{refusal}</p>}
    </section>
  );
}

interface ColleagueProps extends Presence {
  readonly isBusy: boolean;
  onPickUp(manager: string): void;
}

function Colleague({ manager, state, isBusy, onPickUp }: ColleagueProps) {
  const text = useText();
  const { account } = useSession();
  const mayPickUp = state === 'ringing' && account.calls && account.controls.includes('pick_up');
  return (
    <li class={state}>
      <span class="name">{manager.name}</span> <span class="how">{presenceText(state, text)}</span>
      {mayPickUp && (
        <button
          type="button"
          class="small"
          aria-label={`${text.pickUpCall}: ${manager.name}`}
          disabled={isBusy}
          onClick={() => onPickUp(manager.id)}
        >
          {text.pickUpCall}
        </button>
      )}
    </li>
  );
}
