import type { Staff } from '../../domain/directory/manager.ts';
import { StaffIndex } from '../../domain/directory/staff-index.ts';
import type { ConnectorContext } from '../contract.ts';

/** Makes a function that tells whether a number is one of our lines. Its index is made again when the configuration was reloaded. */
export function lineCheck({
  connection,
  country,
  staff,
}: Pick<ConnectorContext, 'connection' | 'country' | 'staff'>): (number: string) => boolean {
  let known: { readonly of: Staff; readonly index: StaffIndex } | null = null;
  return (number) => {
    const current = staff();
    if (known?.of !== current) known = { of: current, index: new StaffIndex(current, country) };
    return known.index.line(connection, number) !== null;
  };
}
