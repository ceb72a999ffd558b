import { useText } from '../../../i18n/language.tsx';
import { clockText } from '../../../parts/format.ts';
import { useRecorder } from '../../../parts/voice/recorder.ts';
import { useNow } from '../../../session/clock.tsx';
import { useDesk } from '../../../session/desk.tsx';

/** Records a voice note, which then waits among the files to be sent. */
export function VoiceNote({ onRecorded }: { onRecorded(file: File): void }) {
  const text = useText();
  const now = useNow();
  const { setFailed } = useDesk();
  const { since, start, finish, discard } = useRecorder(onRecorded);
  if (since === null)
    return (
      <button type="button" onClick={() => start().catch(() => setFailed(true))}>
        {text.recordVoice}
      </button>
    );
  return (
    <span class="recording">
      <span role="status">{text.recordingNow}</span> {clockText((now.getTime() - since) / 1000)}
      <button type="button" onClick={finish}>
        {text.endRecording}
      </button>
      <button type="button" onClick={discard}>
        {text.discardRecording}
      </button>
    </span>
  );
}
