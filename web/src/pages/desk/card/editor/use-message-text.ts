import { useRef, useState } from 'preact/hooks';
import { useDraft } from '../../../../session/drafts.ts';
import { useSettings } from '../../../../session/settings-context.tsx';
import { htmlOfText } from './plain-text.ts';

/** What somebody has written: plain text, or for a letter with formatting also its HTML. */
export interface MessageText {
  readonly text: string;
  /** Empty for a plain text. */
  readonly html: string;
  readonly isFormatted: boolean;
  /** Grows when the form replaces what was typed. */
  readonly replaced: number;
  /** Called by the field in which somebody types. */
  change(text: string, html: string): void;
  /** Called by the form, to clear or restore the words. */
  replace(text: string, html: string): void;
  /** Switches between plain and formatted text. New letters of this browser then begin the same way. */
  setFormatted(isFormatted: boolean): void;
}

/** The words of a draft, kept with it. A draft that was begun stays plain or formatted. */
export function useMessageText(name: string, isLetter: boolean): MessageText {
  const { settings, change: changeSettings } = useSettings();
  const [text, setText] = useDraft(`${name}:text`);
  const [html, setHtml] = useDraft(`${name}:html`);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const [replaced, setReplaced] = useState(0);
  const isBegun = text !== '' || html !== '';
  const isFormatted = isLetter && (chosen ?? (isBegun ? html !== '' : settings.formatted));
  /** What was formatted before the switch to plain text, so that switching back loses nothing. */
  const before = useRef({ text: '', html: '' });
  const change = (nextText: string, nextHtml: string) => {
    const isEmpty = nextText === '' && nextHtml === '';
    setChosen(isEmpty ? isFormatted : nextHtml !== '');
    setText(nextText);
    setHtml(nextHtml);
  };
  return {
    text,
    html,
    isFormatted,
    replaced,
    change,
    replace(nextText, nextHtml) {
      change(nextText, nextHtml);
      setReplaced((before) => before + 1);
    },
    setFormatted(next) {
      if (!next) before.current = { text, html };
      setHtml(next ? (before.current.text === text ? before.current.html : htmlOfText(text)) : '');
      setChosen(next);
      changeSettings({ formatted: next });
    },
  };
}
