import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { ConnectorContext } from '../../contract.ts';
import { SoundKeeper } from '../../shared/sound/keeper.ts';
import { TranscriptWatch } from '../transcripts/watch.ts';
import { RecordingFinder } from './finder.ts';
import { openSources } from './open-source.ts';
import type { RecordingsConfig } from './schema.ts';
import { RecordingSearch } from './search.ts';

/** The search of a connection for its recordings. Nothing is opened before the first look. */
export function openSearch(
  config: RecordingsConfig | undefined,
  context: Pick<ConnectorContext, 'connection' | 'cursor' | 'emit' | 'jobs' | 'blobs' | 'clock' | 'log'>,
  signal: AbortSignal,
  report: (call: CallSnapshot) => Promise<void>,
): RecordingSearch {
  const { blobs, clock, log } = context;
  const { format = 'original', largest = 500, keep = 'link', transcripts: awaitsTranscripts = false } = config ?? {};
  const sources = openSources(config);
  const keeper = new SoundKeeper(blobs, { format, largest }, log);
  const finder = new RecordingFinder({ ...sources, keeper, copies: keep === 'copy', largest });
  const close = () => void Promise.all([sources.sounds?.close(), sources.voicemail?.close()]);
  signal.addEventListener('abort', close, { once: true });
  const transcripts =
    awaitsTranscripts && sources.sounds !== null
      ? new TranscriptWatch({ source: sources.sounds, context, signal })
      : null;
  return new RecordingSearch({ finder, now: () => clock.now(), log, transcripts, signal, report });
}
