import { DirectorySource } from './directory-source.ts';
import { HttpSource } from './http-source.ts';
import type { RecordingsConfig } from './schema.ts';
import { SftpSource } from './sftp-source.ts';
import type { SoundSource } from './source.ts';

/** Where PBXs keep their recordings. */
const roots = {
  freepbx: '/var/spool/asterisk/monitor',
  mikopbx: '/storage/usbdisk1/mikopbx/astspool/monitor',
} as const;
const voicemailRoot = '/var/spool/asterisk/voicemail';

/** The configured sources of recordings and of voicemail; null where there is none. */
export function openSources(config: RecordingsConfig | undefined): {
  readonly sounds: SoundSource | null;
  readonly voicemail: SoundSource | null;
} {
  return { sounds: soundsOf(config), voicemail: voicemailOf(config) };
}

function soundsOf(config: RecordingsConfig | undefined): SoundSource | null {
  if (config?.sftp !== undefined)
    return new SftpSource(config.sftp, config.sftp.root ?? roots[config.preset ?? 'freepbx']);
  if (config?.http !== undefined) return new HttpSource(config.http);
  return config?.dir === undefined ? null : new DirectorySource(config.dir);
}

function voicemailOf(config: RecordingsConfig | undefined): SoundSource | null {
  if (config?.voicemail?.dir !== undefined) return new DirectorySource(config.voicemail.dir);
  if (config?.sftp === undefined) return null;
  return new SftpSource(config.sftp, config.voicemail?.root ?? voicemailRoot);
}
