import { useLanguage, useText } from '../../../../i18n/language.tsx';
import { reasonText } from '../../../../i18n/reasons/text.ts';
import { useMoment } from '../../../../session/clock.tsx';
import type { Way } from '../../../../session/writing-api.ts';

interface WindowNoteProps {
  readonly way: Way;
  readonly taken: Way['takes'];
}

/** Until when free text can be written, and what to do afterwards. */
export function WindowNote({ way, taken }: WindowNoteProps) {
  const text = useText();
  const language = useLanguage();
  const moment = useMoment();
  const { until, provider, templates, problem, problemReason } = way;
  const closed = { code: templates ? 'windowClosed' : 'templatesUnset', values: { provider } };
  const why = reasonText(problemReason ?? closed, language) ?? problem ?? '';
  return (
    <p class="window quiet" role="status">
      {taken === 'text' && until !== null && (
        <>
          {text.windowUntil} <time dateTime={until}>{moment(until)}</time>
          {templates ? text.windowThenTemplate : text.windowThenNothing}
        </>
      )}
      {taken === 'template' && text.windowClosedNote}
      {taken === 'nothing' && `${text.nothingTaken} ${why}`}
    </p>
  );
}
