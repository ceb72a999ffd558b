import type { CrmWrite } from '../../domain/ports/operation-writes.ts';
import type { Outcome } from '../../domain/ports/refusal.ts';
import type { Work } from './work.ts';

/** Stores the remote steps and the secrets of a CRM core. */
export async function changeCrm({ tables: { crm } }: Work, write: CrmWrite): Promise<Outcome> {
  if (write.op === 'vault') {
    const { owner, name, sealed } = write;
    await (sealed === null ? crm.removeSecret(owner, name) : crm.putSecret(owner, name, sealed));
    return [];
  }
  const { of, step, state, remote, at } = write;
  await (state === null ? crm.removeStep(of, step) : crm.putStep(of, { step, state, remote, at }));
  return [];
}
