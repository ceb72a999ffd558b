import { useText } from '../../../../i18n/language.tsx';
import { useDesk } from '../../../../session/desk.tsx';
import { CannedText } from '../canned/canned-text.tsx';
import type { CannedContext, Insertion } from '../canned/use-canned.ts';
import { FormattedText } from './formatted-text.tsx';
import type { MessageText } from './use-message-text.ts';

interface MessageFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly message: MessageText;
  /** Whether it may have formatting. */
  readonly isLetter: boolean;
  readonly context: CannedContext | null;
  /** A canned answer was inserted. */
  onInserted(insertion: Insertion): void;
}

/** The words of a message. Those of a letter may have formatting. */
export function MessageField({ label, hint, message, isLetter, context, onInserted }: MessageFieldProps) {
  const text = useText();
  const { setFailed } = useDesk();
  const { isFormatted, setFormatted, change } = message;
  return (
    <>
      {isFormatted ? (
        <FormattedText
          label={label}
          hint={hint}
          html={message.html}
          replaced={message.replaced}
          context={context}
          onChange={(html, words) => change(words, html)}
          onInserted={onInserted}
          onUnavailable={() => {
            setFormatted(false);
            setFailed(true);
          }}
        />
      ) : (
        <CannedText
          label={label}
          hint={hint}
          value={message.text}
          context={context}
          onChange={(words) => change(words, '')}
          onInserted={onInserted}
        />
      )}
      {isLetter && (
        <button type="button" class="link-like" onClick={() => setFormatted(!isFormatted)}>
          {isFormatted ? text.plainMode : text.formatted}
        </button>
      )}
    </>
  );
}
