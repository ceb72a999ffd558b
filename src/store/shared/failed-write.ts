import { type Refusal, refuse } from '../../domain/ports/refusal.ts';

/**
 * Refuses a write that failed halfway because of a defect in Patchbay. The caller learns that nothing was stored; the log
 * gets the cause.
 */
export function refuseFailed(error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'fault';
  const message = `the store failed to write this (${code}); see the server log for the cause`;
  return { ...refuse('invalid', message), cause: causeOf(error) };
}

/** PostgreSQL's messages may contain personal data, so only its code and the names of the objects are logged. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the write failed';
  const { code, table, column, constraint } = error as Error & Readonly<Record<string, string | undefined>>;
  if (/^[0-9A-Z]{5}$/.test(code ?? '')) return [code, table, column, constraint].filter(Boolean).join(' ');
  const place = error.stack?.split('\n').find((line) => line.startsWith('    at '));
  return `${code ?? error.name}: ${error.message}${place === undefined ? '' : ` (${place.trim()})`}`;
}
