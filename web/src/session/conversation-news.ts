import { useEffect, useState } from 'preact/hooks';

/** Milliseconds for which a client counts as writing after a report. VK reports every few seconds. */
const shownFor = 8000;
const reports = new EventTarget();

function report(type: 'typing' | 'changed', thread: string): void {
  reports.dispatchEvent(new CustomEvent(type, { detail: thread }));
}

/** Calls `take` with each report about a conversation. Returns how to end that. */
function listen(type: 'typing' | 'changed', thread: string | null, take: () => void): () => void {
  const heard = (event: Event) => {
    if ((event as CustomEvent<string>).detail === thread) take();
  };
  reports.addEventListener(type, heard);
  return () => reports.removeEventListener(type, heard);
}

/** Reports that the client of a conversation is writing. */
export function reportTyping(thread: string): void {
  report('typing', thread);
}

/** Reports that something in a conversation has changed. */
export function reportConversation(thread: string): void {
  report('changed', thread);
}

/** How often something in a conversation was reported as changed. */
export function useConversationChanges(thread: string | null): number {
  const [count, setCount] = useState(0);
  useEffect(() => listen('changed', thread, () => setCount((before) => before + 1)), [thread]);
  return count;
}

/** Whether the client of a conversation is writing. A change of `version`, such as by their message, ends it. */
export function useClientTyping(thread: string | null, version: string): boolean {
  const [isTyping, setTyping] = useState(false);
  useEffect(() => {
    setTyping(false);
    let timer: number | undefined;
    const end = listen('typing', thread, () => {
      clearTimeout(timer);
      setTyping(true);
      timer = window.setTimeout(() => setTyping(false), shownFor);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [thread, version]);
  return isTyping;
}
