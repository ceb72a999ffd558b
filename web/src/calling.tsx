import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import { callPhone, RefusedError } from './api.ts';
import { phoneText } from './format.ts';
import { problemText } from './i18n/reasons/text.ts';
import type { Words } from './words/russian.ts';
import type { Language } from './words.ts';

/** What a part of the page needs to let a number be called. */
interface Caller {
  readonly text: Words;
  call(phone: string, interaction: string | null): void;
}

/** Null where no PBX rings this user's telephone: numbers are then links that the system's own telephone may take. */
const CallerContext = createContext<Caller | null>(null);
/** Gives the page below it a way to call. */
export const CallerProvider = CallerContext.Provider;

/** A call that was asked for on this page: its number, and what became of the asking. */
export interface Asked {
  readonly phone: string;
  /** Null until the server has written it down. */
  readonly interaction: Interaction | null;
  readonly refusal: keyof Words | null;
}

/** The call that was asked for last, and the way to ask for one. */
export function useCalling(text: Words, calls: boolean) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const caller = useMemo(() => {
    // Pressing twice while the first request is under way asks once.
    let busy = false;
    const call = (phone: string, interaction: string | null) => {
      if (busy) return;
      busy = true;
      setAsked({ phone, interaction: null, refusal: null });
      callPhone({ phone, key: crypto.randomUUID(), ...(interaction !== null && { interaction }) })
        .then(
          (found) => setAsked({ phone, interaction: found, refusal: null }),
          (error: unknown) => setAsked({ phone, interaction: null, refusal: refusalOf(error) }),
        )
        .finally(() => {
          busy = false;
        });
    };
    return calls ? { text, call } : null;
  }, [text, calls]);
  return { asked, caller, forget: () => setAsked(null) };
}

/** A telephone number, which one click or key calls. */
export function Phone({ phone, interaction = null }: { phone: string; interaction?: string | null }) {
  const caller = useContext(CallerContext);
  if (caller === null) return <a href={`tel:${phone}`}>{phoneText(phone)}</a>;
  return (
    <button
      type="button"
      class="phone"
      title={caller.text.callNumber}
      aria-label={`${caller.text.callNumber}: ${phoneText(phone)}`}
      onClick={() => caller.call(phone, interaction)}
    >
      <span aria-hidden="true">✆</span> {phoneText(phone)}
    </button>
  );
}

/** Lets Alt+C call a number, wherever the cursor is. */
export function useCallKey(phone: string | null, interaction: string | null): void {
  const caller = useContext(CallerContext);
  useEffect(() => {
    if (caller === null || phone === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat || event.code !== 'KeyC') return;
      event.preventDefault();
      caller.call(phone, interaction);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [caller, phone, interaction]);
}

/** A number beside a row of a list: only the sign of its being called. */
export function CallBack({ phone, interaction }: { phone: string; interaction: string | null }) {
  const caller = useContext(CallerContext);
  if (caller === null) return null;
  return (
    <button
      type="button"
      class="small"
      title={caller.text.callNumber}
      aria-label={`${caller.text.callNumber}: ${phoneText(phone)}`}
      onClick={() => caller.call(phone, interaction)}
    >
      <span aria-hidden="true">✆</span>
    </button>
  );
}

interface CallingProps {
  readonly asked: Asked | null;
  /** The call as the desk knows it now, or null. */
  readonly latest: Interaction | null;
  readonly text: Words;
  readonly language: Language;
  onClose(): void;
}

/** How the call stands that was asked for: whose telephone rings, that they talk, or why it did not come about. */
export function Calling({ asked, latest, text, language, onClose }: CallingProps) {
  const newest = asked?.interaction ?? null;
  const call = latest !== null && latest.revision >= (newest?.revision ?? 0) ? latest : newest;
  if (asked === null) return null;
  const { phone, refusal } = asked;
  const failed = refusal !== null || call?.state === 'failed' || (call?.problem ?? null) !== null;
  return (
    <div class={failed ? 'calling failed' : 'calling'} role={failed ? 'alert' : 'status'}>
      <span>
        <b>{phoneText(phone)}</b> {refusal === null ? stageText(call, text, language) : text[refusal]}
      </span>
      <button type="button" onClick={onClose}>
        {text.close}
      </button>
    </div>
  );
}

/** The stage of a call of ours, in words. */
export function stageText(call: Interaction | null, text: Words, language: Language): string {
  if (call === null) return text.callAsked;
  if (call.problem !== null) return problemText(call, language);
  const own = call.legs.at(-1);
  switch (call.state) {
    case 'queued':
      return text.callAsked;
    case 'sent':
      return text.yourPhoneRings;
    case 'ringing':
      return own?.outcome === 'answered' ? text.clientRings : text.yourPhoneRings;
    case 'talking':
      return text.talking;
    case 'unanswered':
      return own?.outcome === 'answered' ? text.clientSilent : text.youSilent;
    case 'answered':
      return text.callOver;
    default:
      return text.failedCall;
  }
}

function refusalOf(error: unknown): keyof Words {
  if (!(error instanceof RefusedError)) return 'failed';
  if (error.status === 409) return 'cannotCall';
  if (error.status === 422) return error.code === 'phone' ? 'noSuchNumber' : 'noTelephone';
  return 'failed';
}
