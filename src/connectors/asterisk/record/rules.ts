import { StaffIndex } from '../../../domain/directory/staff-index.ts';
import type { ConnectorContext } from '../../contract.ts';
import type { Endpoints } from '../endpoints/endpoints.ts';
import type { CallRules } from './sides.ts';

/** The rules of a connection. Managers and lines may change while it runs. */
export function callRules(
  endpoints: Endpoints,
  { connection, staff, country }: Pick<ConnectorContext, 'connection' | 'staff' | 'country'>,
): CallRules {
  let known = staff();
  let index = new StaffIndex(known, country);
  const current = () => {
    if (staff() !== known) {
      known = staff();
      index = new StaffIndex(known, country);
    }
    return index;
  };
  return {
    connection,
    endpoints,
    isOurLine: (number) => current().line(connection, number) !== null,
    isOurMobile: (number) => current().byEnd(connection, { extension: null, phone: number }) !== null,
  };
}
