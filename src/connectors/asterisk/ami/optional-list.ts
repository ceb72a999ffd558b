import type { AmiHeaders } from './action.ts';
import type { AmiClient } from './client.ts';
import { AmiError } from './errors.ts';
import type { AmiMessage } from './message.ts';

/**
 * The rows of a list that a PBX need not have. One without the technology, or an account without the right, refuses the question:
 * then there are none. Rejects with any other AmiError.
 */
export async function optionalList(
  client: Pick<AmiClient, 'list'>,
  action: string,
  headers: AmiHeaders = {},
): Promise<readonly AmiMessage[]> {
  try {
    return (await client.list(action, headers)).items;
  } catch (error) {
    if (error instanceof AmiError && error.code === 'action-refused') return [];
    throw error;
  }
}
