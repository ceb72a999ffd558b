/** Types of sound files by their extension, in the order in which a converted recording is looked for. */
const types = {
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.webm': 'audio/webm',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  // The extension of Asterisk's format wav49 is the upper-case WAV.
  '.WAV': 'audio/x-wav',
  '.wav49': 'audio/x-wav',
  '.wav16': 'audio/wav',
  '.wav48': 'audio/wav',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.flac': 'audio/flac',
  '.oga': 'audio/ogg',
  '.gsm': 'audio/gsm',
  '.ulaw': 'audio/basic',
  '.alaw': 'audio/x-alaw-basic',
} as const satisfies Readonly<Record<`.${string}`, `audio/${string}`>>;

const extensions = Object.keys(types) as readonly (keyof typeof types)[];
/** What scripts usually convert recordings to. */
const usual: ReadonlySet<string> = new Set(['.wav', '.mp3', '.webm', '.ogg', '.opus']);

/** The media type of a sound file by its name; null if the extension is unknown. */
export function soundType(name: string): string | null {
  const extension = extensionOf(name);
  if (extension === '') return null;
  return types[extension as keyof typeof types] ?? types[extension.toLowerCase() as keyof typeof types];
}

/**
 * The names that the sound in a file may have after a script converted it, beginning with its own name: `a.wav` becomes `a.mp3`
 * or `a.wav.mp3`. `few` leaves out rare formats, for servers where each look is a request.
 */
export function convertedNames(name: string, { few = false } = {}): readonly string[] {
  const stem = name.slice(0, name.length - extensionOf(name).length);
  const wanted = few ? extensions.filter((extension) => usual.has(extension)) : extensions;
  const appended = few ? [] : wanted.filter((extension) => usual.has(extension)).map((extension) => name + extension);
  const upper = few ? [] : [...usual].map((extension) => stem + extension.toUpperCase());
  return [...new Set([name, ...wanted.map((extension) => stem + extension), ...appended, ...upper])];
}

/** The known extension of a name, or nothing: unique ids in names contain dots too. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot);
  return extensions.some((one) => one === extension || one === extension.toLowerCase()) ? extension : '';
}

/** First bytes of containers. */
const beginnings: readonly (readonly [offset: number, bytes: string, type: string])[] = [
  [8, 'WAVE', 'audio/wav'],
  [0, 'OggS', 'audio/ogg'],
  [0, '\x1aE\xdf\xa3', 'audio/webm'],
  [0, 'ID3', 'audio/mpeg'],
  [0, 'fLaC', 'audio/flac'],
  [4, 'ftyp', 'audio/mp4'],
];

/** The media type of a sound by its first bytes; null if they are not known. */
export function soundTypeOfBytes(head: Buffer): string | null {
  const found = beginnings.find(([offset, bytes]) => head.toString('latin1', offset, offset + bytes.length) === bytes);
  if (found !== undefined) return found[2];
  const isMpegFrame = head.length > 1 && head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0;
  return isMpegFrame ? 'audio/mpeg' : null;
}

/** Whether the first bytes are a page or JSON: some servers answer so, with status 200, when they have no such file. */
export function isMarkup(head: Buffer): boolean {
  return /^\s{0,64}[<{]/.test(head.toString('latin1', 0, 128));
}
