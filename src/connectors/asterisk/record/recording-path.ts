/** Asterisk's usual folder of recordings. What precedes `monitor` is unimportant: files are looked for below it. */
const monitor = '/var/spool/asterisk/monitor';

/** Longest name that is read. FreePBX's column has 255 characters. */
const longest = 500;

/**
 * The path of a recording as the PBX's events have it, so that a call seen live and in the record has it once. FreePBX's
 * `recordingfile` is the name alone. The file is in the folder of the day that the name contains, else of the call's local `start`.
 */
export function recordingPath(name: string, start: string): string {
  if (name.length > longest) return '';
  if (name === '' || name.includes('/')) return name;
  const named = /-(20\d\d)(\d\d)(\d\d)-\d{6}[-.]/.exec(name);
  const day = named === null ? start.slice(0, 10).split('-') : named.slice(1);
  return [monitor, ...day, name].join('/');
}
