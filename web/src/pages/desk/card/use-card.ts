import type { Interaction } from '../../../../../src/domain/interaction/interaction.ts';
import { elsewhere } from '../../../parts/elsewhere.ts';
import { useSession } from '../../../session/account.tsx';
import { useDesk } from '../../../session/desk.tsx';

/** Who has the call after it left this manager's telephones, or null. */
export function useColleague(interaction: Interaction): string | null {
  return elsewhere(interaction, useSession().manager);
}

/** A value that changes when anything in the interaction's conversation changes. */
export function useVersion({ id, thread }: Interaction): string {
  const { known } = useDesk().state;
  const own = known.filter((one) => one.id === id || (thread !== null && one.thread === thread));
  return own.map((one) => `${one.id} ${one.revision}`).join();
}
