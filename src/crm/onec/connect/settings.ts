import { Type } from 'typebox';
import { safeRoot } from '../../../runtime/http/settings.ts';
import { attemptSettings } from '../../shared/settings.ts';
import { type PresetName, presetNames } from '../presets/presets.ts';

/** Settings of the way to the base. */
export const connectSettings = {
  url: Type.String({
    pattern: `${safeRoot}(/[^\\s?#]*)?/odata/standard\\.odata/?$`,
    maxLength: 500,
    description: 'Address of the standard OData interface: `https://1c.example.com/ut/odata/standard.odata/`.',
  }),
  username: Type.String({
    pattern: '^[^:]+$',
    maxLength: 200,
    description: 'User of the base in whose name we read and write.',
  }),
  password: Type.String({ maxLength: 500, default: '', description: "The user's password." }),
  preset: Type.Union(
    presetNames.map((name) => Type.Literal<PresetName>(name)),
    { description: 'The configuration of the base.' },
  ),
  timezone: Type.Optional(
    Type.String({
      format: 'time-zone',
      description: "Time zone of the base's dates, if it is not the company's: 1C writes dates without one.",
    }),
  ),
  sessions: Type.Integer({
    minimum: 1,
    maximum: 20,
    default: 3,
    description: 'Requests at once of one instance. Each takes a session, and with it a licence.',
  }),
  keepSessions: Type.Boolean({
    default: false,
    description:
      'Whether sessions go on from one request to the next (`IBSession`). Faster, and each keeps its licence until it expires. Try it with your base: the platform documents it for web services only.',
  }),
  webUrl: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s?#]+$',
      maxLength: 500,
      description:
        'Address of the base in the browser, for links to clients. By default the one that `url` begins with.',
    }),
  ),
  users: Type.Optional(
    Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.String({ minLength: 1, maxLength: 200 }), {
      description:
        'Name in the base or GUID of the user (УНФ: of the employee) by manager, where neither extension, e-mail nor name finds the user.',
    }),
  ),
  ...attemptSettings,
} as const;
