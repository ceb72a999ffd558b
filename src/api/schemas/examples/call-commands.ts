import { ids } from './people.ts';

/** A call goes to a colleague. */
export const newCommand = { action: 'blind_transfer', to: 'petrov' };

/** A transfer that the PBX refused. */
export const callCommand = {
  id: '019b1f0e-5c00-7000-8000-00000000c0de',
  interaction: ids.call,
  action: 'blind_transfer',
  state: 'failed',
  problem: 'the PBX cannot transfer this call now: Transfer failed',
  problemReason: { code: 'transferRefused', values: { said: 'Transfer failed' } },
};
