import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { useLanguage } from '../i18n/language.tsx';
import { momentText } from '../parts/format.ts';
import { useTimeZone } from './account.tsx';

const NowContext = createContext(new Date());

/** Keeps the time for the page below it. */
export function ClockProvider({ children }: { readonly children: ComponentChildren }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <NowContext.Provider value={now}>{children}</NowContext.Provider>;
}

/** The current time, updated every second. */
export function useNow(): Date {
  return useContext(NowContext);
}

/** Formats RFC 3339 moments in the page's language and the company's time zone. */
export function useMoment(): (at: string) => string {
  const language = useLanguage();
  const timezone = useTimeZone();
  const now = useNow();
  return (at) => momentText(at, language, now, timezone);
}
