import type { CallSnapshot } from '../../../domain/interaction/contact-event.ts';
import type { ConnectorContext } from '../../contract.ts';
import { SoundKeeper } from '../../shared/sound/keeper.ts';
import { RecordingFinder } from './finder.ts';
import { openSources } from './open-source.ts';
import type { RecordingsConfig } from './schema.ts';
import { RecordingSearch } from './search.ts';

/** The search of a connection for its recordings. Nothing is opened before the first look. */
export function openSearch(
  config: RecordingsConfig | undefined,
  { blobs, clock, log }: Pick<ConnectorContext, 'blobs' | 'clock' | 'log'>,
  signal: AbortSignal,
  report: (call: CallSnapshot) => Promise<void>,
): RecordingSearch {
  const { format = 'original', largest = 500, keep = 'link' } = config ?? {};
  const sources = openSources(config);
  const keeper = new SoundKeeper(blobs, { format, largest }, log);
  const finder = new RecordingFinder({ ...sources, keeper, copies: keep === 'copy', largest });
  const close = () => void Promise.all([sources.sounds?.close(), sources.voicemail?.close()]);
  signal.addEventListener('abort', close, { once: true });
  return new RecordingSearch({ finder, now: () => clock.now(), log, signal, report });
}
