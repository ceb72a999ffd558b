/** Whether the disk refused something: full, over its quota, failing, read-only, or no more files may be open. What was written is not at fault. */
export function isDiskTrouble(error: unknown): error is Error {
  return (
    error instanceof Error && 'code' in error && /^(ENOSPC|EDQUOT|EIO|EROFS|EMFILE|ENFILE)$/.test(String(error.code))
  );
}
