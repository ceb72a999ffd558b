import { useText } from '../../i18n/language.tsx';
import { callerText } from '../../parts/alerts.ts';
import { elsewhere } from '../../parts/elsewhere.ts';
import { useDesk } from '../../session/desk.tsx';
import { stateClass } from '../../state-text.ts';

/** A tab for each open card, if the one in front is not the only one. */
export function Tabs() {
  const text = useText();
  const { state, front, open } = useDesk();
  const { cards, manager } = state;
  if (cards.every((card) => card === front)) return null;
  return (
    <div class="tabs">
      {cards.map(({ interaction }) => (
        <button
          type="button"
          key={interaction.id}
          class={`tab ${elsewhere(interaction, manager) === null ? stateClass(interaction) : 'elsewhere'}`}
          aria-pressed={interaction.id === front?.interaction.id}
          onClick={() => open(interaction)}
        >
          {callerText(interaction, text)}
        </button>
      ))}
    </div>
  );
}
