import { eventKey } from '../../../domain/base/ids.ts';
import { id, number, text } from '../../../runtime/http/fields.ts';
import { type Clicked, clickedStep, clickedText } from '../calls/reported.ts';
import { cardIn } from '../cards/card-in.ts';
import type { EventHandler, PortalEvent } from '../events/event.ts';
import type { Bitrix24Parts } from '../parts.ts';

/** A click that is older than this many milliseconds is ignored: nobody expects the telephone to ring any more. */
const oldest = 15_000;

/** A click on a number, as the portal reports it. */
interface Click extends Clicked {
  readonly user: number;
  readonly phone: string;
}

/**
 * A user of the portal clicked a number (`ONEXTERNALCALLSTART`): rings the telephone of the manager who is that user, and then calls
 * the number. The portal has registered the call already, so that it only gets its end.
 */
export const clickToCall: EventHandler = async (event, parts) => {
  const click = clickOf(event);
  const { clock, log, signal, requestCall } = parts.context;
  if (click === null) return;
  const { callId, user, phone } = click;
  const age = clock.now() - event.at;
  if (age > oldest) {
    log.warn({ user, seconds: Math.round(age / 1000) }, 'a click in the portal came too late, nobody was called');
    return closeCard(click, parts);
  }
  const manager = await parts.users.managerOf(user, signal);
  const by = parts.context.staff().managers.find((one) => one.id === manager);
  if (by === undefined) {
    log.warn({ user }, 'a user of the portal clicked a number, but is no manager here');
    return closeCard(click, parts);
  }
  const asked = await requestCall(
    {
      manager: by.id,
      phone,
      answers: null,
      key: eventKey(`click:${parts.context.name}`, callId),
      by: { id: by.id, name: by.name },
    },
    { step: clickedStep, remote: clickedText(click) },
  );
  if ('refused' in asked) {
    log.warn({ manager: by.id, refused: asked.refused }, 'a click in the portal could not become a call');
    await closeCard(click, parts);
  }
};

/** The portal opened the call card with the click. An unfinished call leaves nothing else behind. */
async function closeCard({ callId, user }: Click, { portal, context }: Bitrix24Parts): Promise<void> {
  const options = { signal: context.signal, urgency: 'live' } as const;
  await portal.call('telephony.externalCall.hide', { CALL_ID: callId, USER_ID: user }, options);
}

function clickOf({ data }: PortalEvent): Click | null {
  const callId = id(data.CALL_ID);
  const user = number(data.USER_ID);
  const phone = text(data.PHONE_NUMBER_INTERNATIONAL) ?? text(data.PHONE_NUMBER);
  const list = number(data.CALL_LIST_ID);
  if (callId === null || callId.includes(' ') || user === null || phone === null) return null;
  return { callId, user, phone, of: list === null || list <= 0 ? null : { list, card: cardIn(data) } };
}
