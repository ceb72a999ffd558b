import { Type } from 'typebox';
import { client, ids } from './examples/people.ts';

/** The id of a client in a path. */
export const ClientParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 128, description: "The client's id in the CRM.", examples: [client.id] }),
});

/** The id of an interaction in a path. */
export const InteractionParams = Type.Object({
  id: Type.String({ maxLength: 64, description: "The interaction's id.", examples: [ids.call] }),
});

/** Some other id in a path. */
export function idParams(what: string, example: string, maxLength = 64) {
  return Type.Object({
    id: Type.String({ minLength: 1, maxLength, description: `The ${what}'s id.`, examples: [example] }),
  });
}
