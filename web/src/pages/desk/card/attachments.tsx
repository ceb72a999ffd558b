import type { Attachment } from '../../../../../src/domain/interaction/interaction.ts';
import { useLanguage } from '../../../i18n/language.tsx';
import { sizeText } from '../../../parts/format.ts';
import { DeletedMark } from './deleted-parts.tsx';

interface AttachmentsProps {
  readonly files: readonly Attachment[];
  /** When their writer deleted some of them, by id. */
  readonly deleted: ReadonlyMap<string, string>;
}

/** The files of a letter or message. Pictures are shown, sounds and films play where they are; everything else is a link. */
export function Attachments({ files, deleted }: AttachmentsProps) {
  const language = useLanguage();
  return (
    <ul class="plain files">
      {files.map((file) => (
        <li key={file.id} class={deleted.has(file.id) ? 'deleted' : ''}>
          <Shown file={file} />
          <a href={urlOf(file)} target="_blank" rel="noreferrer">
            {file.name}
          </a>{' '}
          <span class="quiet">{sizeText(file.bytes, language)}</span>{' '}
          {deleted.has(file.id) && <DeletedMark at={deleted.get(file.id) ?? ''} />}
        </li>
      ))}
    </ul>
  );
}

function Shown({ file }: { readonly file: Attachment }) {
  const { mime, name } = file;
  if (/^image\/(png|jpeg|gif|webp)$/.test(mime))
    return (
      <a class="picture" href={urlOf(file)} target="_blank" rel="noreferrer">
        <img src={urlOf(file)} alt={name} loading="lazy" />
      </a>
    );
  // What people say is short, and nobody has captions for it.
  // biome-ignore lint/a11y/useMediaCaption: strangers sent it.
  if (mime.startsWith('audio/')) return <audio controls preload="none" src={urlOf(file)} aria-label={name} />;
  // biome-ignore lint/a11y/useMediaCaption: strangers sent it.
  if (mime.startsWith('video/')) return <video controls preload="none" src={urlOf(file)} aria-label={name} />;
  return null;
}

function urlOf({ id }: Attachment): string {
  return `/api/v1/attachments/${id}`;
}
