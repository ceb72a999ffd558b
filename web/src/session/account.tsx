import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Account } from './api.ts';

/** Who uses this page. */
export interface Session {
  readonly account: Account;
  /** Id of the manager that the account is linked to, or null. */
  readonly manager: string | null;
  /** Reads the account again: its rights or its manager may have changed. */
  refresh(): void;
  /** Logs out. */
  leave(): void;
}

const SessionContext = createContext<Session | null>(null);

/** Sets the session of the page below it. */
export const SessionProvider = SessionContext.Provider;

/** The session of the logged-in user. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('this part of the page needs a session');
  return session;
}

/** IANA time zone of the company. All times are shown in it, whatever the browser's zone is. */
export function useTimeZone(): string {
  return useSession().account.timezone;
}
