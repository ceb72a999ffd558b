import type { Blobs } from '../../domain/ports/blobs.ts';
import { reason } from '../../domain/reasons/reasons.ts';
import type { WrittenAttachment } from '../../domain/written/written-contact.ts';
import type { HttpClient } from '../../runtime/http/client.ts';
import { type Fields, fields, id, list, text } from '../../runtime/http/fields.ts';
import { requestJson } from '../../runtime/http/json.ts';
import { multipart } from '../../runtime/http/multipart.ts';
import { asServiceError, ServiceError } from '../../runtime/http/service-error.ts';
import type { Logger } from '../../runtime/log.ts';
import type { VkApi } from './api.ts';

/** Maximum bytes of a photo (dev.vk.com/ru/api/upload/overview); larger pictures are sent as documents. */
const largestPhoto = 50 * 1024 * 1024;

/** Dependencies of uploading. */
export interface VkUploading {
  readonly api: VkApi;
  readonly http: HttpClient;
  readonly blobs: Blobs;
  readonly log: Logger;
}

/** Uploads files: pictures as photos, voice notes as such, anything else as documents. Resolves to their ids for `messages.send`. */
export async function uploaded(
  files: readonly WrittenAttachment[],
  peer: string,
  tools: VkUploading,
  signal: AbortSignal,
): Promise<string> {
  const names: string[] = [];
  for (const file of files) {
    const photo = isPhoto(file) ? await photoOrNull(file, peer, tools, signal) : null;
    names.push(photo ?? (await uploadDocument(file, peer, tools, signal)));
  }
  return names.join(',');
}

/** A GIF is no photo, although VK takes it as one: it would lose its movement. */
function isPhoto({ mime, bytes }: WrittenAttachment): boolean {
  return /^image\/(jpeg|png)$/.test(mime) && bytes <= largestPhoto;
}

/**
 * Uploads a picture as a photo. Null if VK does not take it as one, because of its proportions or because the community's key may not
 * use photos. Nothing has been sent yet, so it can still become a document.
 */
async function photoOrNull(
  file: WrittenAttachment,
  peer: string,
  tools: VkUploading,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return await uploadPhoto(file, peer, tools, signal);
  } catch (error) {
    const { trouble, code } = asServiceError(error);
    if (trouble !== 'refused' && trouble !== 'access') throw error;
    tools.log.info({ code }, 'VK does not take a picture as a photo, it is sent as a document');
    return null;
  }
}

async function uploadPhoto(
  file: WrittenAttachment,
  peer: string,
  tools: VkUploading,
  signal: AbortSignal,
): Promise<string> {
  const { api } = tools;
  const place = fields(await api.call('photos.getMessagesUploadServer', { peer_id: peer }, signal));
  const up = await post(place, 'photo', file, tools, signal);
  const [photo, server, hash] = [text(up.photo), id(up.server), text(up.hash)];
  // An empty list means that VK found no picture in the file.
  if (photo === null || photo === '[]' || server === null || hash === null) throw refused(file);
  const [saved] = list(await api.call('photos.saveMessagesPhoto', { photo, server, hash }, signal));
  return nameOf('photo', fields(saved), file);
}

async function uploadDocument(
  file: WrittenAttachment,
  peer: string,
  tools: VkUploading,
  signal: AbortSignal,
): Promise<string> {
  const { api } = tools;
  const type = file.mime === 'audio/ogg' ? 'audio_message' : 'doc';
  const place = fields(await api.call('docs.getMessagesUploadServer', { type, peer_id: peer }, signal));
  const up = text((await post(place, 'file', file, tools, signal)).file);
  if (up === null) throw refused(file);
  const saved = fields(await api.call('docs.save', { file: up, title: file.name }, signal));
  // `doc` or `audio_message`, as its `type` says (dev.vk.com/ru/method/docs.save).
  return nameOf('doc', fields(saved[text(saved.type) ?? 'doc']), file);
}

/** Posts a file to the address that VK named for it. */
function post(
  { upload_url }: Fields,
  field: string,
  file: WrittenAttachment,
  { http, blobs }: VkUploading,
  signal: AbortSignal,
): Promise<Fields> {
  const url = text(upload_url) ?? '';
  const asked = { method: 'POST', url, ...multipart({}, field, file, blobs), signal, externalUrl: true } as const;
  return requestJson(http, 'VK', { ...asked, timeout: http.timeout * 4 }, () => null);
}

/** The name of a saved file in `messages.send`. A file without an access key belongs to the community. */
function nameOf(kind: 'photo' | 'doc', { owner_id, id: number, access_key }: Fields, file: WrittenAttachment): string {
  const [owner, name, key] = [id(owner_id), id(number), kind === 'photo' ? text(access_key) : null];
  if (owner === null || name === null) throw refused(file);
  return `${kind}${owner}_${name}${key === null ? '' : `_${key}`}`;
}

function refused({ name }: WrittenAttachment): ServiceError {
  return new ServiceError('refused', reason('uploadRefused', { provider: 'VK', name }));
}
