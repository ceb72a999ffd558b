/**
 * Whether an error comes of a fault in the program rather than of its surroundings: the same input would fail in the same way
 * again. Errors of the system (a full disk, a broken connection) have a `code`, and pass.
 */
export function isFault(error: unknown): error is Error {
  const faults = [TypeError, RangeError, SyntaxError, ReferenceError, URIError];
  if (!faults.some((fault) => error instanceof fault)) return false;
  return (
    !('code' in (error as Error)) ||
    /^ERR_(INVALID|OUT_OF_RANGE|ENCODING|STRING)/.test(String((error as NodeJS.ErrnoException).code))
  );
}

/** A fault in words for people who administer the program: its kind and place, but no message, which may repeat the input. */
export function faultWords(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed without a reason';
  const place = error.stack
    ?.split('\n')
    .find((line) => line.startsWith('    at '))
    ?.trim();
  return place === undefined ? error.name : `${error.name} ${place}`;
}

/** Whether the disk refused something: full, over its quota, failing, read-only, or no more files may be open. What was written is not at fault. */
export function isDiskTrouble(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && /^(ENOSPC|EDQUOT|EIO|EROFS|EMFILE|ENFILE)$/.test(String(error.code))
  );
}
