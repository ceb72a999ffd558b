import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { useLanguage, useText } from '../../../i18n/language.tsx';
import { problemText } from '../../../i18n/reasons/text.ts';

/** The recordings of a call, and why one can't be played. */
export function Recordings({ recordings }: Pick<Interaction, 'recordings'>) {
  const text = useText();
  const language = useLanguage();
  return recordings.map((recording) => {
    const label = recording.kind === 'voicemail' ? text.voicemail : text.recording;
    if (recording.url !== null)
      return (
        <div key={recording.id}>
          {recording.kind === 'voicemail' && <span>{label}</span>}
          {/* biome-ignore lint/a11y/useMediaCaption: a telephone call has no captions */}
          <audio aria-label={label} controls preload="none" src={`/api/v1/recordings/${recording.id}`} />
        </div>
      );
    if (recording.problem === null) return null;
    return (
      <p key={recording.id} class="quiet">
        {label}: {problemText(recording, language)}
      </p>
    );
  });
}
