import { useEffect, useState } from 'preact/hooks';
import type { MessageTemplate } from '../../../../../../src/domain/outbound/template.ts';
import { RefusedError } from '../../../../session/api.ts';
import { messageTemplates } from '../../../../session/writing-api.ts';

/** The templates of a connection on this page. */
export interface LoadedTemplates {
  /** Null while they are being read. */
  readonly items: readonly MessageTemplate[] | null;
  /** The code of the problem with reading them, empty if it is unknown; null if there was none. */
  readonly problem: string | null;
  /** Reads them from the service again. */
  refresh(): void;
}

/** Reads the templates of a connection. */
export function useTemplates(connection: string): LoadedTemplates {
  const [items, setItems] = useState<readonly MessageTemplate[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = (isFresh: boolean) => {
    setItems(null);
    setProblem(null);
    messageTemplates(connection, isFresh).then(setItems, (error: unknown) => {
      setItems([]);
      setProblem(error instanceof RefusedError ? (error.code ?? '') : '');
    });
  };
  useEffect(() => read(false), [connection]);
  return { items, problem, refresh: () => read(true) };
}
