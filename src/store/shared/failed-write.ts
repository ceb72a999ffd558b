import { type Refusal, refuse } from '../../domain/ports/refusal.ts';

/** A write that failed in the middle, by a fault of ours: the caller learns that it was not kept, the log why. */
export function refuseFailed(error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'fault';
  const message = `the store could not keep this (${code}); the log of the server tells why`;
  return { ...refuse('invalid', message), cause: causeOf(error) };
}

/** PostgreSQL's messages may repeat the data: of them its code and what it is about are told. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the write failed';
  const { code, table, column, constraint } = error as Error & Readonly<Record<string, string | undefined>>;
  if (/^[0-9A-Z]{5}$/.test(code ?? '')) return [code, table, column, constraint].filter(Boolean).join(' ');
  const place = error.stack?.split('\n').find((line) => line.startsWith('    at '));
  return `${code ?? error.name}: ${error.message}${place === undefined ? '' : ` (${place.trim()})`}`;
}
