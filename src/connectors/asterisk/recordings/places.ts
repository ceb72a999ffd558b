import { posix } from 'node:path';
import { convertedNames } from '../../../domain/call/sound-format.ts';

/** Asterisk's folders of recordings and of voicemail. What follows them in a path is the same on each machine. */
const folders = ['/monitor/', '/voicemail/'];

/** A path of the PBX without what differs between machines: `2026/11/24/a.wav`. */
export function belowSpool(file: string): string {
  for (const folder of folders) {
    const at = file.indexOf(folder);
    if (at >= 0) return file.slice(at + folder.length);
  }
  return file.replace(/^\/+/, '');
}

/** Relative places below `root` where the PBX's file may be: at its own path, below the spool folder, or in the root itself. */
export function placesBelow(root: string, file: string, options: { few?: boolean } = {}): readonly string[] {
  const own = file.startsWith(`${root}/`) ? [file.slice(root.length + 1)] : [];
  const bases = [...own, belowSpool(file), posix.basename(file)].filter(isInside);
  const named = [...new Set(bases)].flatMap((base) => {
    const directory = posix.dirname(base);
    return convertedNames(posix.basename(base), options).map((name) => posix.join(directory, name));
  });
  return [...new Set(named)];
}

/** Whether a relative path stays below the directory that it is relative to. */
export function isInside(path: string): boolean {
  if (path === '' || path.includes('\0') || posix.isAbsolute(path)) return false;
  const normal = posix.normalize(path);
  return normal !== '.' && normal !== '..' && !normal.startsWith('../');
}
