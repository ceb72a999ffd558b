import { type Fields, fields, list, text, word } from '../../runtime/http/fields.ts';
import type { RemoteFile } from '../shared/messages.ts';

/** Finds the URL of a file. */
export type Locate = (fileId: string) => RemoteFile['locate'];

/** Kinds of files, with their default names and types. */
const kinds: Readonly<Record<string, readonly [name: string, mime: string]>> = {
  document: ['file', 'application/octet-stream'],
  animation: ['animation.mp4', 'video/mp4'],
  voice: ['voice.ogg', 'audio/ogg'],
  audio: ['audio.mp3', 'audio/mpeg'],
  video: ['video.mp4', 'video/mp4'],
  video_note: ['video.mp4', 'video/mp4'],
};

/** The file of a field such as `voice`. */
export function fileOf(kind: string, value: unknown, locate: Locate): readonly RemoteFile[] {
  const file = fields(value);
  const [fileId, known] = [text(file.file_id), kinds[kind]];
  if (fileId === null || known === undefined) return [];
  const [name, mime] = known;
  return [{ name: word(file.file_name) ?? name, mime: word(file.mime_type, 127) ?? mime, locate: locate(fileId) }];
}

/** The largest size of a picture. */
export function pictureOf(sizes: unknown, name: string, locate: Locate): readonly RemoteFile[] {
  const fileId = text(fields(list(sizes).at(-1)).file_id);
  return fileId === null ? [] : [{ name, mime: 'image/jpeg', locate: locate(fileId) }];
}

/** The picture of a sticker. Programs other than Telegram can't show animated ones. */
export function stickerOf({ file_id, is_animated, is_video }: Fields, locate: Locate): readonly RemoteFile[] {
  const fileId = text(file_id);
  if (fileId === null || is_animated === true) return [];
  const [name, mime] = is_video === true ? ['sticker.webm', 'video/webm'] : ['sticker.webp', 'image/webp'];
  return [{ name, mime, locate: locate(fileId) }];
}
