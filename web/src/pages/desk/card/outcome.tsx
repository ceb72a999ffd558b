import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import { useDesk } from '../../../session/desk.tsx';

/** The outcome of an interaction, one of a few. Pressing it again clears it. */
export function Outcome({ interaction }: { readonly interaction: Interaction }) {
  const text = useText();
  const { send } = useDesk();
  const outcomes = { sale: text.sale, solved: text.solved, call_back: text.callBack, not_ours: text.notOurs };
  const given = interaction.disposition;
  // Another program may have set an outcome of its own.
  const others = given !== null && !Object.hasOwn(outcomes, given) ? { [given]: given } : {};
  return (
    <fieldset class="outcome">
      <legend>{text.result}</legend>
      {Object.entries({ ...outcomes, ...others }).map(([value, label]) => (
        <button
          type="button"
          key={value}
          aria-pressed={value === given}
          onClick={() =>
            send({ type: 'disposition', interaction: interaction.id, value: value === given ? null : value })
          }
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}
