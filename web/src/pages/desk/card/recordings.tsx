import { useRef } from 'preact/hooks';
import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import type { Recording } from '../../../../../src/domain/interaction/recording.ts';
import { useLanguage, useText } from '../../../i18n/language.tsx';
import { problemText } from '../../../i18n/reasons/text.ts';
import { TranscriptText } from './transcript.tsx';

/** The recordings of a call with their transcripts, and why one can't be played. */
export function Recordings({ recordings }: Pick<Interaction, 'recordings'>) {
  return recordings.map((recording) => <Sound key={recording.id} recording={recording} />);
}

function Sound({ recording }: { readonly recording: Recording }) {
  const text = useText();
  const language = useLanguage();
  const player = useRef<HTMLAudioElement>(null);
  const { id, kind, url, problem, transcript } = recording;
  const label = kind === 'voicemail' ? text.voicemail : text.recording;
  return (
    <div>
      {url !== null && kind === 'voicemail' && <span>{label}</span>}
      {url !== null && (
        // biome-ignore lint/a11y/useMediaCaption: its words are below it, if they are known
        <audio ref={player} aria-label={label} controls preload="none" src={`/api/v1/recordings/${id}`} />
      )}
      {url === null && problem !== null && (
        <p class="quiet">
          {label}: {problemText(recording, language)}
        </p>
      )}
      {transcript?.state === 'ready' && (
        <TranscriptText key={transcript.id} recording={id} player={url === null ? null : player} />
      )}
    </div>
  );
}
