import type { Interaction } from '../../domain/interaction/interaction.ts';
import type { Tables } from '../../domain/ports/tables.ts';
import type { Change } from '../../domain/ports/writes.ts';
import { answeredBy, isAnswer, threadWindow } from '../../domain/written/answers.ts';
import { save } from './save.ts';

/**
 * If `interaction` is a reply of ours, sent at `at`, marks everything in its thread that waited for one as answered.
 */
export async function answer(
  tables: Tables,
  interaction: Interaction,
  at: number,
  now: number,
): Promise<readonly Change[]> {
  if (interaction.thread === null || !isAnswer(interaction)) return [];
  const changes: Change[] = [];
  const thread = await tables.interactions.ofThread(interaction.thread, threadWindow);
  for (const [before, after] of answeredBy(interaction, thread, at))
    changes.push(await save(tables, before, after, { at: now, what: 'answered' }));
  return changes;
}
