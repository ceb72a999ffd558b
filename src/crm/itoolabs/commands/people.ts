import { type Command, invalid, jsonAnswer } from './command.ts';

/** `accounts`: the employees. */
export const accounts: Command = (_form, { accounts }) =>
  jsonAnswer(
    accounts.all().map(({ manager, extension }) => ({
      name: manager.id,
      realName: manager.name,
      ext: extension,
      ...(manager.email !== null && { email: manager.email }),
      ...(manager.mobile !== null && { telnum: manager.mobile.replace(/\D/g, '') }),
    })),
  );

/** `groups`: the groups of routing, by `user` only those of one employee. */
export const groups: Command = (form, { context, accounts }) => {
  const user = form.get('user');
  const manager = user === null ? null : accounts.find(user);
  if (user !== null && manager === null) return invalid;
  const found = Object.values(context.groups()).filter(
    ({ members }) => manager === null || members.includes(manager.id),
  );
  return jsonAnswer(found.map(({ id, queue }) => ({ id, realName: id, ...(queue !== null && { ext: queue }) })));
};

/** `subscriptionStatus`: whether an employee gets the calls of a group, or of any. */
export const subscriptionStatus: Command = (form, parts) => {
  const isOn = isSubscribed(form, parts);
  return isOn === null ? invalid : jsonAnswer({ status: isOn ? 'on' : 'off' });
};

/** `subscribeOnCalls`: the members of groups are configured, so that only what is so already can be had. */
export const subscribeOnCalls: Command = (form, parts) => {
  const isOn = isSubscribed(form, parts);
  return isOn !== null && form.get('status') === (isOn ? 'on' : 'off') ? jsonAnswer({}) : invalid;
};

function isSubscribed(form: URLSearchParams, { context, accounts }: Parameters<Command>[1]): boolean | null {
  const manager = accounts.find(form.get('user') ?? '');
  if (manager === null) return null;
  const id = form.get('group_id');
  const groups = Object.values(context.groups()).filter((group) => id === null || group.id === id);
  return groups.length === 0 ? null : groups.some(({ members }) => members.includes(manager.id));
}
