import { Type } from 'typebox';

/** What is told of a form that was taken. */
export const FormTakenSchema = Type.Object(
  {
    ok: Type.Literal(true),
    id: Type.Optional(Type.String({ description: 'The interaction it became.' })),
    code: Type.Optional(
      Type.String({ description: 'Put into a messenger link or a first message, it tells whose the account is.' }),
    ),
    duplicate: Type.Optional(Type.Literal(true, { description: 'It was there already.' })),
    test: Type.Optional(Type.Literal(true, { description: 'A service tried whether we are there.' })),
  },
  { description: 'The form is kept: answered after the commit.' },
);
