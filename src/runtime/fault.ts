/**
 * Whether an error is a bug in the program rather than a problem of its environment, so that the same input would
 * fail again. System errors (a full disk, a broken connection) have a `code` and are temporary.
 */
export function isFault(error: unknown): error is Error {
  const faults = [TypeError, RangeError, SyntaxError, ReferenceError, URIError];
  if (!faults.some((fault) => error instanceof fault)) return false;
  return (
    !('code' in (error as Error)) ||
    /^ERR_(INVALID|OUT_OF_RANGE|ENCODING|STRING)/.test(String((error as NodeJS.ErrnoException).code))
  );
}

/**
 * Describes a fault for administrators: its kind and location. The message is left out, because it may contain the
 * input.
 */
export function faultWords(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const place = error.stack
    ?.split('\n')
    .find((line) => line.startsWith('    at '))
    ?.trim();
  return place === undefined ? error.name : `${error.name} ${place}`;
}

/**
 * Whether the disk refused an operation: it is full, over quota, failing or read-only, or too many files are open.
 * The data is not at fault.
 */
export function isDiskTrouble(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && /^(ENOSPC|EDQUOT|EIO|EROFS|EMFILE|ENFILE)$/.test(String(error.code))
  );
}
