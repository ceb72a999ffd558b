import { Type } from 'typebox';
import { Moment, orNull, ref, words } from '../../api/schemas/common.ts';

/** The call that a form asked for. */
export const CallBackSchema = Type.Object(
  {
    state: words('calling', 'later'),
    by: Type.String({ description: 'Somebody will have called by this time.' }),
    text: Type.String({ description: 'The same for the visitor, in the language of `_pb_lang`.' }),
  },
  {
    $id: 'CallBack',
    description: '`calling`: a phone of ours is ringing for it. `later`: a manager has a task to call back.',
  },
);

/** The answer to a submitted form. */
export const FormTakenSchema = Type.Object(
  {
    ok: Type.Literal(true),
    id: Type.Optional(Type.String({ description: 'Id of the interaction.' })),
    code: Type.Optional(
      Type.String({ description: 'In a messenger link or a first message, it identifies the visitor.' }),
    ),
    callback: Type.Optional(ref(CallBackSchema)),
    duplicate: Type.Optional(Type.Literal(true, { description: 'The form had been submitted before.' })),
    test: Type.Optional(Type.Literal(true, { description: 'A test submission of a form service.' })),
  },
  {
    $id: 'FormTaken',
    description: 'The form is stored. The answer comes after the commit.',
    examples: [{ ok: true, id: '019bb1a9-5c00-7e10-8d3c-4b5a69788796', code: 'PB-7K2M' }],
  },
);

/** The number that a visit is shown. */
export const ShownNumberSchema = Type.Object(
  {
    phone: Type.String({ description: 'For `tel:` links.' }),
    text: Type.String({ description: 'Formatted for people.' }),
    tracked: Type.Boolean({ description: 'False when all numbers of the pool are in use: then it is the shared one.' }),
    until: orNull(Moment),
  },
  {
    $id: 'ShownNumber',
    examples: [{ phone: '+74951230001', text: '+7 495 123-00-01', tracked: true, until: '2026-01-12T09:15:00.000Z' }],
  },
);
