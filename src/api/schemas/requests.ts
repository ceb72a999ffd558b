import { Type } from 'typebox';
import { ClientBody } from '../../matching/client-schema.ts';
import { maxWrittenHtml } from '../letters/written-html.ts';
import { orNull, strictObject, words } from './common.ts';
import { Channel } from './contact.ts';
import * as example from './examples/requests.ts';
import { SuggestionState } from './interaction.ts';
import { RoleSchema, ScopeSchema } from './people.ts';
import { TemplateChoice } from './writing.ts';

const Id = Type.String({ minLength: 1, maxLength: 128 });
const ManagerId = (description: string) => Type.String({ minLength: 1, maxLength: 64, description });
const Key = (what: string) =>
  Type.String({
    minLength: 1,
    maxLength: 200,
    description: `Your own key. Repeating it does not make another ${what}.`,
  });
const Copies = (description: string) =>
  Type.Array(Type.String({ minLength: 3, maxLength: 254 }), { maxItems: 50, description });
const strict = { additionalProperties: false } as const;

/** RFC 3339 with an offset. `sign` lists the characters allowed before the offset. */
export const timePattern = (sign: string) =>
  `^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[${sign}]\\d\\d:\\d\\d)$`;
const Time = Type.String({ pattern: timePattern('+-'), maxLength: 40, description: 'RFC 3339.' });

/** The body of `PUT /clients/{id}`. */
export const ClientInput = Type.Unsafe<ClientBody>({
  ...ClientBody,
  $id: 'ClientInput',
  description: 'A client as the CRM has it. Replaces the stored one.',
  examples: [example.clientInput],
});

/** The body of `POST /interactions`. */
export const NewInteraction = strictObject(
  {
    key: Type.Optional(Key('interaction')),
    channel: Channel,
    direction: words('inbound', 'outbound'),
    state: Type.Optional(words('answered', 'missed', 'unanswered', 'failed', 'received', 'sent', 'delivered', 'read')),
    phone: Type.Optional(Type.String({ maxLength: 64 })),
    email: Type.Optional(Type.String({ maxLength: 254 })),
    name: Type.Optional(Type.String({ maxLength: 200 })),
    client: Type.Optional(orNull(Id)),
    manager: Type.Optional(orNull(Id)),
    line: Type.Optional(orNull(Id)),
    startedAt: Time,
    endedAt: Type.Optional(orNull(Time)),
    talkSeconds: Type.Optional(orNull(Type.Integer({ minimum: 0, maximum: 86_400 }))),
    subject: Type.Optional(orNull(Type.String({ maxLength: 998 }))),
    text: Type.Optional(orNull(Type.String({ maxLength: 100_000 }))),
  },
  { $id: 'NewInteraction', examples: [example.newInteraction] },
);

/** The body of `PATCH /interactions/{id}`: a merge patch of what humans decide. */
export const InteractionPatch = Type.Object(
  {
    client: Type.Optional(orNull(Id, 'Null: a human decided that no known client fits.')),
    contact: Type.Optional(orNull(Id, 'A contact person of the client.')),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 10_000, description: 'Added to the notes.' })),
    disposition: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 64 }))),
    object: Type.Optional(orNull(strictObject({ type: Type.String({ minLength: 1, maxLength: 64 }), id: Id }))),
    suggestion: Type.Optional(
      strictObject({
        kind: words('phone', 'email'),
        value: Type.String({ minLength: 1, maxLength: 254, description: 'As listed in `suggestions`.' }),
        state: SuggestionState,
      }),
    ),
  },
  {
    ...strict,
    $id: 'InteractionPatch',
    minProperties: 1,
    description: 'A merge patch: absent keys stay as they are.',
    examples: [example.interactionPatch],
  },
);

/** The body of `POST /interactions/{id}/handover`. */
export const NewHandover = strictObject(
  {
    to: ManagerId('The manager who takes over.'),
    note: Type.Optional(Type.String({ maxLength: 2000, description: 'What the manager should know.' })),
  },
  { $id: 'NewHandover', examples: [example.newHandover] },
);

/** The body of `POST /messages`. */
export const NewMessage = strictObject(
  {
    key: Type.Optional(Key('message')),
    manager: Type.Optional(ManagerId('The sender. Operators send as themselves.')),
    interaction: Type.Optional(
      Type.String({ maxLength: 64, description: 'The interaction to answer, on the channel it came by.' }),
    ),
    forward: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'With `to`: the letter to pass on, with its files. The text, which may be empty, stands above it.',
      }),
    ),
    to: Type.Optional(
      Type.Union([
        Type.String({ minLength: 3, maxLength: 254, description: 'An e-mail address or a phone number.' }),
        strictObject({
          email: Type.Optional(Type.String({ maxLength: 254 })),
          phone: Type.Optional(Type.String({ maxLength: 64 })),
          name: Type.Optional(Type.String({ maxLength: 200 })),
        }),
      ]),
    ),
    connection: Type.Optional(
      Type.String({ maxLength: 64, description: 'The connection to send by. Default: the first that can reach `to`.' }),
    ),
    line: Type.Optional(Type.String({ maxLength: 64, description: 'The line to send from.' })),
    cc: Type.Optional(Copies('Further recipients of a letter, whom everybody sees.')),
    bcc: Type.Optional(Copies('Further recipients of a letter, whom nobody else sees.')),
    subject: Type.Optional(Type.String({ maxLength: 998 })),
    text: Type.Optional(
      Type.String({
        maxLength: 100_000,
        description: 'May be empty if there are attachments or a template. Default: the words of `html`.',
      }),
    ),
    html: Type.Optional(
      Type.String({
        maxLength: maxWrittenHtml,
        description:
          'A letter with formatting. It is sent beside `text`. Only what is shown of received letters is kept, without pictures: no scripts, forms or frames, and links to http(s), mailto and tel.',
      }),
    ),
    template: Type.Optional(TemplateChoice),
    quote: Type.Optional(
      Type.Boolean({
        description:
          'The answer quotes the message `interaction`, as replies in the messenger do. Only a message of the client can be quoted, in Telegram, WhatsApp, VK and MAX.',
      }),
    ),
    sendAt: Type.Optional({
      ...Time,
      description: 'When to send it, if not at once: RFC 3339, within 90 days.',
    }),
    undo: Type.Optional(
      Type.Boolean({
        description: 'Hold it back for the time of `messages.undo`, so that it can be taken back. Not with `sendAt`.',
      }),
    ),
    automatic: Type.Optional(
      Type.Boolean({
        description:
          'Written by a program. It is marked as automatic (RFC 3834) and does not count as an answer. It is refused as a reply to mail that no human wrote, and when the address already got three such messages within a day.',
      }),
    ),
    attachments: Type.Optional(
      Type.Array(
        strictObject({
          name: Type.String({ minLength: 1, maxLength: 255 }),
          mime: Type.String({ pattern: '^[\\w.+-]+/[\\w.+-]+$', maxLength: 127 }),
          content: Type.String({ description: 'Base64.' }),
        }),
        { maxItems: 20 },
      ),
    ),
  },
  { $id: 'NewMessage', description: 'Either `interaction` or `to` is required.', examples: [example.newMessage] },
);

/** The body of `POST /calls`. */
export const NewCall = strictObject(
  {
    key: Type.Optional(Key('call')),
    manager: Type.Optional(ManagerId('The manager whose phone rings first. Operators call as themselves.')),
    phone: Type.String({ minLength: 2, maxLength: 64, description: 'The number to call.' }),
    interaction: Type.Optional(
      Type.String({ maxLength: 64, description: 'The interaction that the call answers, for example a missed call.' }),
    ),
  },
  { $id: 'NewCall', examples: [example.newCall] },
);

/** The body of `POST /tasks`. */
export const NewTask = strictObject(
  {
    manager: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 64 }))),
    interaction: Type.Optional(Type.String({ maxLength: 64, description: 'The interaction it is about.' })),
    text: Type.String({ minLength: 1, maxLength: 2000 }),
    dueAt: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d\\d-\\d\\dT',
        maxLength: 40,
        description: 'RFC 3339, between 1990 and ten years from now.',
      }),
    ),
  },
  { $id: 'NewTask', examples: [example.newTask] },
);

/** The body of `POST /leads/{id}/qualify`. */
export const LeadQualification = strictObject(
  {
    client: Type.Optional(
      orNull(
        Type.String({ minLength: 1, maxLength: 128 }),
        'The client that the party proved to be. Without one the lead is ours, and the CRM will say who it is.',
      ),
    ),
  },
  { $id: 'LeadQualification', examples: [{ client: 'romashka' }] },
);

/** The body of `POST /leads/{id}/reject`. */
export const LeadRejection = strictObject(
  { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })) },
  { $id: 'LeadRejection', examples: [{ reason: 'Wrong number' }] },
);

/** The body of `PATCH /users/{login}`. */
export const UserPatch = Type.Object(
  {
    role: Type.Optional(RoleSchema),
    manager: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 64 }))),
    scope: Type.Optional(orNull(ScopeSchema)),
    disabled: Type.Optional(Type.Boolean()),
  },
  { ...strict, $id: 'UserPatch', minProperties: 1, examples: [{ scope: 'own', manager: 'ivanova' }] },
);

const Login = Type.String({ minLength: 1, maxLength: 128 });
const Password = Type.String({ minLength: 1, maxLength: 1024 });

/** The body of `POST /session`. */
export const Credentials = strictObject(
  { login: Login, password: Password },
  { $id: 'Credentials', examples: [{ login: 'anna', password: 'correct horse battery staple' }] },
);

/** The body of `POST /setup`. */
export const FirstUser = strictObject(
  { code: Type.String({ maxLength: 128 }), login: Login, password: Password },
  {
    $id: 'FirstUser',
    examples: [{ code: 'q3Zk0Fv5xX1n2TbA', login: 'root', password: 'correct horse battery staple' }],
  },
);

/** The components of this file, for the document. */
export const requestComponents = [
  ClientInput,
  NewInteraction,
  InteractionPatch,
  NewHandover,
  NewMessage,
  NewCall,
  NewTask,
  LeadQualification,
  LeadRejection,
  UserPatch,
  Credentials,
  FirstUser,
] as const;
