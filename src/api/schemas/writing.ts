import { Type } from 'typebox';
import { Moment, orNull, reasonOrNull, strictObject, textOrNull, words } from './common.ts';
import * as example from './examples/writing.ts';

const Header = Type.Union([
  Type.Object({ kind: words('text'), text: Type.String() }),
  Type.Object({ kind: words('image', 'video', 'document') }),
  Type.Object({ kind: words('location') }),
]);

const Button = Type.Union([
  Type.Object({ kind: words('url'), text: Type.String(), url: Type.String() }),
  Type.Object({ kind: words('phone'), text: Type.String(), phone: Type.String() }),
  Type.Object({ kind: words('reply', 'code'), text: Type.String() }),
]);

/** A message template in one language. */
export const MessageTemplateSchema = Type.Object(
  {
    name: Type.String(),
    language: Type.String({ description: 'As the service writes it, for example `en_US`.' }),
    category: textOrNull,
    isNamed: Type.Boolean({ description: 'Whether placeholders have names instead of numbers.' }),
    header: orNull(Header, 'A text, a place, or a file that comes with the message.'),
    body: Type.String({ description: 'With placeholders such as `{{1}}` or `{{name}}`.' }),
    footer: textOrNull,
    buttons: Type.Array(Button),
    examples: Type.Record(Type.String(), Type.String(), {
      description: 'Sample values by field: `header.NAME`, `body.NAME`, `button.INDEX`.',
    }),
  },
  { $id: 'MessageTemplate', description: 'An approved message template.', examples: [example.template] },
);

/** The template that a message is sent by. */
export const TemplateChoice = strictObject(
  {
    name: Type.String({ minLength: 1, maxLength: 512 }),
    language: Type.String({ minLength: 2, maxLength: 16 }),
    values: Type.Optional(
      Type.Record(Type.String({ maxLength: 80 }), Type.String({ maxLength: 2048 }), {
        maxProperties: 100,
        description:
          'Values by field: `header.NAME`, `body.NAME` and `button.INDEX` for each placeholder, `location.latitude`, `location.longitude`, `location.name` and `location.address` for a place. All are required. A header of a file takes the only one of `attachments`.',
      }),
    ),
  },
  { description: 'An approved template to send instead of `text`, which must be empty. See `GET /templates`.' },
);

/** A way to write by a messenger. */
export const WaySchema = Type.Object(
  {
    connection: Type.String(),
    provider: Type.String({ description: 'The name of the service.' }),
    to: orNull(Type.String(), 'The number or the name of the account. Null: neither is known.'),
    phone: orNull(Type.String(), 'To begin a conversation: `to` of `POST /messages`, with `connection`.'),
    interaction: orNull(Type.String(), 'To go on with a conversation: `interaction` of `POST /messages`.'),
    thread: orNull(Type.String(), 'The conversation.'),
    takes: words('text', 'template', 'nothing'),
    templates: Type.Boolean({ description: 'Whether templates can be sent.' }),
    until: orNull(Moment, 'Until when the service takes free text. Null: always, or not now.'),
    problem: orNull(
      Type.String(),
      'Why the service takes nothing or only templates, or what it last refused. In English.',
    ),
    problemReason: reasonOrNull,
  },
  { $id: 'Way', description: 'A way to write by a messenger, or why there is none.', examples: [example.way] },
);

/** The components of this file, for the document. */
export const writingComponents = [MessageTemplateSchema, WaySchema] as const;
