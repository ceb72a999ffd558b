import { Type } from 'typebox';
import { words } from '../../api/schemas/common.ts';

/** The answer to a form that requests a call. */
export const CallBackSchema = Type.Object(
  {
    state: words('calling', 'later'),
    by: Type.String({ description: 'When the visitor will have been called at the latest.' }),
    text: Type.String({
      description: 'A text with the same information for the visitor, in the language of `_pb_lang`.',
    }),
  },
  { description: "`calling`: a manager's phone starts to ring. `later`: a task has been created for a manager." },
);

/** The answer to an accepted form. */
export const FormTakenSchema = Type.Object(
  {
    ok: Type.Literal(true),
    id: Type.Optional(Type.String({ description: 'Id of the interaction.' })),
    code: Type.Optional(
      Type.String({
        description:
          "In a messenger link or a first message, this code links the visitor's messenger account to the form.",
      }),
    ),
    callback: Type.Optional(CallBackSchema),
    duplicate: Type.Optional(Type.Literal(true, { description: 'The form had already been submitted.' })),
    test: Type.Optional(Type.Literal(true, { description: 'The request was a connection test of a service.' })),
  },
  { description: 'The form has been committed.' },
);
