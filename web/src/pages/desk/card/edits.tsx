import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useText } from '../../../i18n/language.tsx';
import { useMoment } from '../../../session/clock.tsx';

/** That a message was edited, with its earlier texts on demand. */
export function Edits({ edits }: Pick<Interaction, 'edits'>) {
  const text = useText();
  const moment = useMoment();
  const last = edits.at(-1);
  if (last === undefined) return null;
  return (
    <details class="edits">
      <summary>
        {text.edited} <time dateTime={last.at}>{moment(last.at)}</time>
      </summary>
      <ol class="plain">
        {edits.map(({ at, text: before }) => (
          <li key={at}>
            <span class="quiet">
              {text.untilThen} <time dateTime={at}>{moment(at)}</time>
            </span>
            {before === null ? <p class="quiet">{text.versionUnknown}</p> : <p class="text">{before}</p>}
          </li>
        ))}
      </ol>
    </details>
  );
}
