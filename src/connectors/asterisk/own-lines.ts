import type { Staff } from '../../domain/directory/manager.ts';
import { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { ConnectorContext } from '../contract.ts';

/** Returns a function that says whether a number is one of our lines. A reloaded configuration is taken up. */
export function lineFinder({
  connection,
  country,
  staff,
}: Pick<ConnectorContext, 'connection' | 'country' | 'staff'>): (number: string) => boolean {
  let known: { readonly of: Staff; readonly index: StaffIndex } | null = null;
  return (number) => {
    const now = staff();
    if (known?.of !== now) known = { of: now, index: new StaffIndex(now, country) };
    return known.index.line(connection, number) !== null;
  };
}
