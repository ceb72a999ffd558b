import { useLayoutEffect, useState } from 'preact/hooks';
import type { CommandView } from '../../../src/outbound/call-commands.ts';
import { useLanguage, useText } from '../i18n/language.tsx';
import { problemText } from '../i18n/reasons/text.ts';
import { RefusedError } from '../session/api.ts';

/** The last command of a part of the page. */
export interface Commanding {
  /** Whether the PBX has not answered yet. */
  readonly isBusy: boolean;
  /** Why the last command was not carried out; null if it was. */
  readonly refusal: string | null;
  /** Gives a command, unless one is under way. */
  run(command: () => Promise<CommandView>): void;
}

/** Gives commands to calls, one at a time. */
export function useCommands(): Commanding {
  const text = useText();
  const language = useLanguage();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  return {
    isBusy,
    refusal,
    run(command) {
      if (isBusy) return;
      setBusy(true);
      setRefusal(null);
      command()
        .then(
          (result) => setRefusal(result.problem === null ? null : problemText(result, language)),
          (error: unknown) =>
            setRefusal(error instanceof RefusedError && error.status < 500 ? text.notPossibleNow : text.failed),
        )
        .finally(() => setBusy(false));
    },
  };
}

/** Makes Alt and a key act, wherever the focus is. `code` is the key's position, so that the keyboard's layout does not matter. */
export function useAltKey(code: string, act: (() => void) | null): void {
  // At once: after the paint, a key pressed meanwhile would meet what the page showed before.
  useLayoutEffect(() => {
    if (act === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat || event.code !== code) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
