import { Type } from 'typebox';
import { orNull, ref, textOrNull, words } from './common.ts';

/** Channels of interactions. */
export const ChannelSchema = Type.Unsafe<'call' | 'email' | 'message' | 'form' | 'meeting'>({
  ...words('call', 'email', 'message', 'form', 'meeting'),
  $id: 'Channel',
});
/** A reference to {@link ChannelSchema}. */
export const Channel = ref(ChannelSchema);

/** A line of ours that a contact reached. */
export const LineSchema = Type.Object(
  { id: Type.String(), label: Type.String(), address: Type.String(), connection: textOrNull },
  { $id: 'Line', description: 'What the client reached: a phone number, a mailbox, a bot or a form.' },
);
/** A reference to {@link LineSchema}. */
export const Line = ref(LineSchema);

/** The outside end. */
export const PartySchema = Type.Object(
  {
    phone: orNull(Type.String(), 'E.164.'),
    raw: Type.String({ description: 'As it came.' }),
    ext: orNull(Type.String(), 'The extension behind the number.'),
    withheld: Type.Boolean(),
    email: textOrNull,
    account: orNull(
      Type.Object(
        { kind: Type.String(), connection: Type.String(), id: Type.String(), username: textOrNull },
        { description: 'An account in a messenger.' },
      ),
    ),
    name: textOrNull,
  },
  { $id: 'Party', description: 'The outside end as it presented itself.' },
);
/** A reference to {@link PartySchema}. */
export const Party = ref(PartySchema);

/** Where a contact came from. */
export const AttributionSchema = Type.Object(
  {
    source: textOrNull,
    medium: textOrNull,
    campaign: textOrNull,
    content: textOrNull,
    term: textOrNull,
    page: textOrNull,
    referrer: textOrNull,
    ids: Type.Record(Type.String(), Type.String()),
  },
  { $id: 'Attribution', description: 'The campaign or page that a contact came from.' },
);
/** A reference to {@link AttributionSchema}. */
export const Attribution = ref(AttributionSchema);
