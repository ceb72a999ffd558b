import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import type { Phrase, Transcript } from '../../../../../src/domain/call/transcript.ts';
import { useText } from '../../../i18n/language.tsx';
import type { Words } from '../../../i18n/russian.ts';
import { clockText } from '../../../parts/format.ts';
import { call } from '../../../session/api.ts';

interface TranscriptProps {
  readonly recording: string;
  /** Its player, if it can be played. */
  readonly player: RefObject<HTMLAudioElement> | null;
}

/** What was said in a recording, on demand. A phrase plays it from there. */
export function TranscriptText({ recording, player }: TranscriptProps) {
  const text = useText();
  const [phrases, setPhrases] = useState<readonly Phrase[] | 'failed' | null>(null);
  function load(isOpen: boolean): void {
    if (!isOpen || (phrases !== null && phrases !== 'failed')) return;
    call<Transcript>(`/recordings/${recording}/transcript`).then(
      (found) => setPhrases(found.phrases),
      () => setPhrases('failed'),
    );
  }
  function play(from: number): void {
    const audio = player?.current;
    if (audio == null) return;
    audio.currentTime = from;
    void audio.play();
  }
  return (
    <details class="transcript" onToggle={({ currentTarget }) => load(currentTarget.open)}>
      <summary>{text.transcript}</summary>
      {phrases === 'failed' && <p class="quiet">{text.failed}</p>}
      {Array.isArray(phrases) && (
        <ol class="plain">
          {phrases.map((phrase, i) => (
            <li key={`${i} ${phrase.from}`}>
              <button type="button" class="link-like" disabled={player === null} onClick={() => play(phrase.from)}>
                {clockText(phrase.from)}
              </button>{' '}
              {phrase.side !== null && <b>{speakerText(phrase, text)}: </b>}
              {phrase.text}
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

/** Who says a phrase, as far as it is known. */
function speakerText({ side, manager }: Pick<Phrase, 'side' | 'manager'>, words: Words): string | null {
  if (side === null) return null;
  return side === 'client' ? words.them : (manager?.name ?? words.ours);
}
