import { Type } from 'typebox';
import { words } from '../../api/schemas/common.ts';

/** What is told of a call that a form asked for. */
export const CallBackSchema = Type.Object(
  {
    state: words('calling', 'later'),
    by: Type.String({ description: 'Somebody will have called by this moment.' }),
    text: Type.String({ description: 'The same in words for the visitor, in the language of `_pb_lang`.' }),
  },
  { description: '`calling`: a telephone of ours begins to ring for it. `later`: a task, kept by somebody.' },
);

/** What is told of a form that was taken. */
export const FormTakenSchema = Type.Object(
  {
    ok: Type.Literal(true),
    id: Type.Optional(Type.String({ description: 'The interaction it became.' })),
    code: Type.Optional(
      Type.String({ description: 'Put into a messenger link or a first message, it tells whose the account is.' }),
    ),
    callback: Type.Optional(CallBackSchema),
    duplicate: Type.Optional(Type.Literal(true, { description: 'It was there already.' })),
    test: Type.Optional(Type.Literal(true, { description: 'A service tried whether we are there.' })),
  },
  { description: 'The form is kept: answered after the commit.' },
);
