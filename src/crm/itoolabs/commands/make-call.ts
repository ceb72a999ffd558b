import { eventKey } from '../../../domain/base/ids.ts';
import { clickedStep } from '../calls/told.ts';
import { type Command, invalid, jsonAnswer, unavailable } from './command.ts';

/** A repeat within this many milliseconds is the same click: the protocol has no id for it. */
const sameClick = 5000;

/**
 * `makeCall`: rings the telephone of `user`, then calls `phone`. The answer is the id that the events of the call will
 * carry, so that the CRM finds its own entry again.
 */
export const makeCall: Command = async (form, { context, accounts }) => {
  const [user, phone] = [form.get('user') ?? '', form.get('phone') ?? ''];
  const manager = accounts.find(user);
  const account = accounts.all().find((one) => one.manager.id === manager?.id);
  if (manager === null || account === undefined || phone === '') return invalid;
  const click = `${manager.id} ${phone} ${Math.floor(context.clock.now() / sameClick)}`;
  const asked = await context.requestCall(
    {
      manager: manager.id,
      phone,
      answers: null,
      key: eventKey(`click:${context.name}`, click),
      by: { id: manager.id, name: manager.name },
    },
    { step: clickedStep, remote: account.extension },
  );
  if ('refused' in asked) {
    context.log.warn({ manager: manager.id, refused: asked.refused }, 'the CRM asked for a call that can not be made');
    return asked.refused === 'pbx' || asked.refused === 'telephone' ? unavailable : invalid;
  }
  return jsonAnswer({ callid: asked.interaction.id });
};
