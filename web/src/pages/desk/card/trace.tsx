import type { RouteSummary } from '../../../../../src/domain/interaction/interaction.ts';
import { useLanguage, useText } from '../../../i18n/language.tsx';
import { ruleName, traceText } from '../../../trace-text.ts';

/** Why the call came to this manager, rule by rule. */
export function Trace({ route }: { readonly route: RouteSummary }) {
  const text = useText();
  const language = useLanguage();
  return (
    <details>
      <summary>{text.why}</summary>
      <ol class="trace">
        {route.trace.map((step, i) => (
          <li key={`${i} ${step.rule}`} class={step.outcome}>
            <b>{ruleName(step.rule, language)}</b> {traceText(step.why, language)}
          </li>
        ))}
      </ol>
    </details>
  );
}
