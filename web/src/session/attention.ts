import { useEffect, useRef } from 'preact/hooks';
import { useDesk } from './desk.tsx';

/** Milliseconds between two reports that the user is writing. */
const reportPause = 3000;

/** Tells the server which message of a client the user sees: again after a reconnect, and not while the page is hidden. */
export function useOpened(interaction: string | null): void {
  const { tell, state } = useDesk();
  useEffect(() => {
    if (interaction === null || state.link !== 'online') return;
    const look = () => {
      if (!document.hidden) tell({ type: 'opened', interaction });
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [interaction, state.link]);
}

/** A function to call with each change of an answer: tells the server that the user is writing it. */
export function useTypingReport(interaction: string | null): () => void {
  const { tell } = useDesk();
  const last = useRef(0);
  return () => {
    const now = Date.now();
    if (interaction === null || now - last.current < reportPause) return;
    last.current = now;
    tell({ type: 'typing', interaction });
  };
}
