import { useEffect, useMemo } from 'preact/hooks';
import { useText } from '../../../i18n/language.tsx';
import type { OutgoingFile } from '../../../session/api.ts';

/** Bytes of all files of a letter. The server limits the encoded size, which is a third larger. */
const maxBytes = 25 * 1024 * 1024;
const maxFiles = 20;

/** Whether files are too many or too large for one letter. */
export function areTooLarge(files: readonly File[]): boolean {
  return files.length > maxFiles || files.reduce((sum, file) => sum + file.size, 0) > maxBytes;
}

/** The files that are pasted or dropped. Office programs add a picture to copied text; that is no file. */
export function filesIn(data: DataTransfer | null): readonly File[] {
  const html = data?.getData('text/html') ?? '';
  const hasWords = html !== '' && new DOMParser().parseFromString(html, 'text/html').body.innerText.trim() !== '';
  return hasWords ? [] : [...(data?.files ?? [])];
}

/** The files chosen for a letter. */
export function FileList({ files, onChange }: { readonly files: readonly File[]; onChange(files: File[]): void }) {
  const text = useText();
  return (
    <>
      {files.length > 0 && (
        <ul class="plain files">
          {files.map((file) => (
            <li key={`${file.name} ${file.size} ${file.lastModified}`}>
              {file.type.startsWith('audio/') && <Listen file={file} />}
              {file.name}{' '}
              <button
                type="button"
                class="small"
                aria-label={`${text.removeFile}: ${file.name}`}
                onClick={() => onChange(files.filter((one) => one !== file))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      {areTooLarge(files) && (
        <p class="problem" role="alert">
          {text.filesTooLarge}
        </p>
      )}
    </>
  );
}

/** Plays a sound before it is sent. */
function Listen({ file }: { readonly file: File }) {
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  // biome-ignore lint/a11y/useMediaCaption: the user has just said it.
  return <audio controls src={url} aria-label={file.name} />;
}

/** A file as the API takes it. */
export async function encoded(file: File): Promise<OutgoingFile> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  const mime = /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream';
  return { name: file.name.slice(0, 255), mime, content: url.slice(url.indexOf(',') + 1) };
}
