import { openSources } from '../../connectors/asterisk/recordings/open-source.ts';
import type { AsteriskConfig } from '../../connectors/asterisk/schema.ts';
import { ffmpegVersion } from '../../connectors/shared/sound/ffmpeg.ts';
import type { Finding } from '../../domain/base/finding.ts';
import { asServiceError } from '../../runtime/http/service-error.ts';

/** A name that no PBX gives to a recording: the server must answer that there is no such file. */
const probe = 'patchbay-doctor/probe.wav';
const limitMs = 30_000;

/** Whether the server with the recordings answers, and ffmpeg is there if recordings are to be converted. */
export async function examineRecordings(
  name: string,
  { recordings }: Pick<AsteriskConfig, 'recordings'>,
): Promise<readonly Finding[]> {
  if (recordings === undefined) return [];
  return [...(await server(name, recordings)), ...(await converter(name, recordings))];
}

async function server(name: string, config: NonNullable<AsteriskConfig['recordings']>): Promise<readonly Finding[]> {
  const { sounds, voicemail } = openSources(config);
  if (sounds === null || config.dir !== undefined) return [];
  const what = `${name}: recordings`;
  try {
    const [place = probe] = sounds.places(probe);
    await sounds.look(place, AbortSignal.timeout(limitMs));
    return [{ what, ok: true, detail: 'the server answers and lets us in' }];
  } catch (error) {
    return [{ what, ok: false, detail: asServiceError(error).message }];
  } finally {
    await Promise.all([sounds.close(), voicemail?.close()]);
  }
}

async function converter(
  name: string,
  { format }: NonNullable<AsteriskConfig['recordings']>,
): Promise<readonly Finding[]> {
  if (format === 'original') return [];
  const what = `${name}: ffmpeg`;
  const version = await ffmpegVersion();
  if (version !== null) return [{ what, ok: true, detail: `ffmpeg ${version} converts recordings to ${format}` }];
  const detail = `not found in PATH, so recordings keep their original format instead of ${format}; install the package ffmpeg`;
  return [{ what, ok: false, detail }];
}
