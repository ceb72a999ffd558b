import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { useText } from '../i18n/language.tsx';
import { useSession } from '../session/account.tsx';
import { callPhone, RefusedError } from '../session/api.ts';
import { phoneText } from './format.ts';

/** Why the server refused to call. */
export type Refusal = 'failed' | 'cannotCall' | 'noSuchNumber' | 'noTelephone';

/** A call that was requested on this page. */
export interface AskedCall {
  readonly phone: string;
  /** Null until the server has accepted the request. */
  readonly interaction: Interaction | null;
  readonly refusal: Refusal | null;
}

interface Calling {
  /** The last requested call, until the user closes its status. */
  readonly asked: AskedCall | null;
  forget(): void;
  /** Null if no PBX can ring this user's telephone: numbers are then `tel:` links. */
  readonly call: ((phone: string, interaction: string | null) => void) | null;
}

const CallingContext = createContext<Calling>({ asked: null, forget: () => {}, call: null });

/** Lets the page below it call numbers by the user's telephone. */
export function CallingProvider({ children }: { readonly children: ComponentChildren }) {
  const { account } = useSession();
  const [asked, setAsked] = useState<AskedCall | null>(null);
  const call = useMemo(() => {
    // A second press while the first request is under way does nothing.
    let isBusy = false;
    return (phone: string, interaction: string | null) => {
      if (isBusy) return;
      isBusy = true;
      setAsked({ phone, interaction: null, refusal: null });
      callPhone({ phone, key: crypto.randomUUID(), ...(interaction !== null && { interaction }) })
        .then(
          (accepted) => setAsked({ phone, interaction: accepted, refusal: null }),
          (error: unknown) => setAsked({ phone, interaction: null, refusal: refusalOf(error) }),
        )
        .finally(() => {
          isBusy = false;
        });
    };
  }, []);
  const calling = useMemo<Calling>(
    () => ({ asked, forget: () => setAsked(null), call: account.calls ? call : null }),
    [asked, account.calls],
  );
  return <CallingContext.Provider value={calling}>{children}</CallingContext.Provider>;
}

/** The last requested call, and a function to request one. */
export function useCalling(): Calling {
  return useContext(CallingContext);
}

interface NumberProps {
  readonly phone: string;
  /** The interaction that the call answers, or null. */
  readonly interaction?: string | null;
}

/** A telephone number that one click or key calls. */
export function Phone({ phone, interaction = null }: NumberProps) {
  const text = useText();
  const { call } = useCalling();
  if (call === null) return <a href={`tel:${phone}`}>{phoneText(phone)}</a>;
  return (
    <button
      type="button"
      class="phone"
      title={text.callNumber}
      aria-label={`${text.callNumber}: ${phoneText(phone)}`}
      onClick={() => call(phone, interaction)}
    >
      <span aria-hidden="true">✆</span> {phoneText(phone)}
    </button>
  );
}

/** A button beside a row of a list that calls its number. */
export function CallBack({ phone, interaction = null }: NumberProps) {
  const text = useText();
  const { call } = useCalling();
  if (call === null) return null;
  return (
    <button
      type="button"
      class="small"
      title={text.callNumber}
      aria-label={`${text.callNumber}: ${phoneText(phone)}`}
      onClick={() => call(phone, interaction)}
    >
      <span aria-hidden="true">✆</span>
    </button>
  );
}

/** Makes Alt+C call a number, wherever the focus is. */
export function useCallKey(phone: string | null, interaction: string | null): void {
  const { call } = useCalling();
  useEffect(() => {
    if (call === null || phone === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat || event.code !== 'KeyC') return;
      event.preventDefault();
      call(phone, interaction);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [call, phone, interaction]);
}

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof RefusedError)) return 'failed';
  if (error.status === 409) return 'cannotCall';
  if (error.status === 422) return error.code === 'phone' ? 'noSuchNumber' : 'noTelephone';
  return 'failed';
}
