import { Type } from 'typebox';
import { callActions, commandActions } from '../../domain/call/call-command.ts';
import { orNull, reasonOrNull, strictObject, words } from './common.ts';
import * as example from './examples/call-commands.ts';

const manager = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'For programs: the manager who acts. Users act as themselves.',
  }),
);
const colleague = (description: string) => Type.String({ minLength: 1, maxLength: 64, description });

/** The acts on a call under way, without listening to it. */
export const CommandAction = words(...commandActions);

/** The body of `POST /calls/{id}/commands`. */
export const NewCommand = strictObject(
  {
    action: CommandAction,
    to: Type.Optional(
      colleague('For transfers and `pass_on`: the manager to whom the call goes. Without it, `pass_on` asks routing.'),
    ),
    manager,
  },
  { $id: 'NewCommand', examples: [example.newCommand] },
);

/** The body of `POST /calls/{id}/listen`. */
export const NewListening = strictObject(
  {
    whisper: Type.Optional(Type.Boolean({ description: 'The colleague, but not the client, hears you too.' })),
    manager,
  },
  { $id: 'NewListening', examples: [{ whisper: false }] },
);

/** The body of `POST /calls/pick-up`. */
export const NewPickUp = strictObject(
  { colleague: colleague('The manager whose phone rings.'), manager },
  { $id: 'NewPickUp', examples: [{ colleague: 'petrov' }] },
);

/** A command to a call, and how it ended. */
export const CallCommandSchema = Type.Object(
  {
    id: Type.String(),
    interaction: Type.String({ description: 'The call.' }),
    action: words(...callActions),
    state: words('requested', 'done', 'failed', 'uncertain'),
    problem: orNull(Type.String(), 'Why the PBX did not do it, in English.'),
    problemReason: reasonOrNull,
  },
  {
    $id: 'CallCommand',
    description:
      'A command is never repeated by itself. `uncertain`: it was interrupted, look at the call before repeating it.',
    examples: [example.callCommand],
  },
);

/** The components of this file, for the document. */
export const callCommandComponents = [NewCommand, NewListening, NewPickUp, CallCommandSchema] as const;
