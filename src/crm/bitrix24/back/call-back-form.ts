import { eventKey } from '../../../domain/base/ids.ts';
import { noMarks } from '../../../domain/interaction/attribution.ts';
import type { Interaction } from '../../../domain/interaction/interaction.ts';
import type { WrittenContact } from '../../../domain/written/written-contact.ts';
import { text, word } from '../../../runtime/http/fields.ts';
import type { CoreContext } from '../../contract.ts';
import { cardText } from '../cards/card.ts';
import { cardIn } from '../cards/card-in.ts';
import type { EventHandler, PortalEvent } from '../events/event.ts';

/** A form that is older than this many milliseconds no longer starts a call at once. */
const maxDelay = 60_000;

/** The mark of a form's attribution that names the portal's own card of it, such as `b24:lead-7`. */
const mark = 'bitrix24';

/**
 * Somebody asked for a call in a form of the portal (`ONEXTERNALCALLBACKSTART`). It becomes a form with a task to call back, and
 * by setting a call at once.
 */
export const callBackForm: EventHandler = async (event, { context, config }) => {
  const { callBacks } = config;
  const phone = text(event.data.PHONE_NUMBER);
  if (callBacks === 'none' || phone === null) return;
  const form = await context.takeContact(contactOf(event, phone, context));
  if (form === null || callBacks !== 'call' || context.clock.now() - event.at > maxDelay) return;
  if (!(await context.callBack(form)))
    context.log.info(
      { interaction: form.id },
      'nobody can be reached for a call-back form of the portal, its task remains',
    );
};

/** Whether a form came from this portal, which has it on a card of its own already. */
export function isPortalForm({ channel, attribution }: Interaction, core: string): boolean {
  return channel === 'form' && attribution?.ids[mark]?.startsWith(`${core}:`) === true;
}

function contactOf(
  { data, at }: PortalEvent,
  phone: string,
  { name, staff }: Pick<CoreContext, 'name' | 'staff'>,
): WrittenContact {
  const number = text(data.LINE_NUMBER);
  const line = staff().lines.find(({ address }) => address !== '' && address === number);
  const card = cardIn(data);
  return {
    kind: 'written',
    channel: 'form',
    key: eventKey(`callback:${name}`, `${phone} ${at}`),
    aliases: [],
    connection: name,
    direction: 'inbound',
    state: 'received',
    party: { phone, email: null, account: null, name: null },
    line: line?.id ?? null,
    manager: null,
    from: null,
    at,
    subject: null,
    text: word(data.TEXT, 5000),
    attachments: [],
    thread: null,
    answers: [],
    attribution: {
      ...noMarks,
      ids: { request: 'callback', [mark]: `${name}:${card === null ? '' : cardText(card)}` },
    },
    automatic: null,
    handle: null,
  };
}
