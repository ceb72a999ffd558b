import { useEffect, useState } from 'preact/hooks';
import { useNow } from '../../../../session/clock.tsx';
import { type Way, waysFrom } from '../../../../session/writing-api.ts';

/** The ways to write to the party of an interaction, or to its client. Null while they are being read. */
export function useWays(id: string, version: string): { readonly ways: readonly Way[] | null; refresh(): void } {
  const [ways, setWays] = useState<readonly Way[] | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    waysFrom(id).then(
      (found) => isCurrent && setWays(found),
      () => isCurrent && setWays([]),
    );
    return () => {
      isCurrent = false;
    };
  }, [id, version, asked]);
  return { ways, refresh: () => setAsked(asked + 1) };
}

/** What a service takes at this moment: the time for free text may have passed since the way was read. */
export function useTaken(way: Way | null): Way['takes'] {
  const now = useNow();
  if (way === null) return 'text';
  const hasEnded = way.until !== null && now.getTime() >= Date.parse(way.until);
  if (way.takes !== 'text' || !hasEnded) return way.takes;
  return way.templates ? 'template' : 'nothing';
}
