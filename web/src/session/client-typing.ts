import { useEffect, useState } from 'preact/hooks';

/** Milliseconds for which a client counts as writing after a report. VK reports every few seconds. */
const shownFor = 8000;
const reports = new EventTarget();

/** Reports that the client of a conversation is writing. */
export function reportTyping(thread: string): void {
  reports.dispatchEvent(new CustomEvent('typing', { detail: thread }));
}

/** Whether the client of a conversation is writing. A change of `version`, such as by their message, ends it. */
export function useClientTyping(thread: string | null, version: string): boolean {
  const [isTyping, setTyping] = useState(false);
  useEffect(() => {
    setTyping(false);
    let timer: number | undefined;
    const take = (event: Event) => {
      if ((event as CustomEvent<string>).detail !== thread) return;
      clearTimeout(timer);
      setTyping(true);
      timer = window.setTimeout(() => setTyping(false), shownFor);
    };
    reports.addEventListener('typing', take);
    return () => {
      clearTimeout(timer);
      reports.removeEventListener('typing', take);
    };
  }, [thread, version]);
  return isTyping;
}
