import type { Static } from 'typebox';
import { expect, it } from 'vitest';
import type { ClientSchema } from '../../src/api/schemas/answers.ts';
import type { LeadSchema, TaskSchema } from '../../src/api/schemas/follow-ups.ts';
import type { InteractionSchema } from '../../src/api/schemas/interaction.ts';
import type { ClientId, InteractionId } from '../../src/domain/base/ids.ts';
import type { Client } from '../../src/domain/directory/client.ts';
import type { Lead, TaskView } from '../../src/domain/follow-up/follow-up.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';

/** The JSON form of a domain type: ids are unbranded strings and nothing is readonly. Null and absent stay distinct. */
type Json<T> = T extends ClientId | InteractionId
  ? string
  : T extends readonly (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Json<T[Key]> }
      : T;

/** Whether two types are identical, not merely assignable: an optional key differs from a missing one. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `npm run check` compiles this: a key that only the schema or only the domain has is an error here. */
const same: {
  readonly Interaction: Equal<Json<Static<typeof InteractionSchema>>, Json<Interaction>>;
  readonly Lead: Equal<Json<Static<typeof LeadSchema>>, Json<Lead>>;
  /** The API adds the due time to a task. */
  readonly Task: Equal<Json<Static<typeof TaskSchema>>, Json<TaskView>>;
  readonly Client: Equal<Json<Static<typeof ClientSchema>>, Json<Client>>;
} = { Interaction: true, Lead: true, Task: true, Client: true };

it('the schemas of interactions, leads, tasks and clients match the domain types', () => {
  expect(Object.values(same)).not.toContain(false);
});
