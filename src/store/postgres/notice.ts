/** What an instance tells the others with each commit. */
export interface Notice {
  readonly instance: string;
  /** Whether it queued commands to calls. They are no changes that the others read by number. */
  readonly hasCommands: boolean;
}

const commands = 'commands';

/** The payload of NOTIFY. */
export function noticeText({ instance, hasCommands }: Notice): string {
  return hasCommands ? `${instance} ${commands}` : instance;
}

/** Reads the payload of NOTIFY. */
export function readNotice(payload: string): Notice {
  const [instance = '', what] = payload.split(' ');
  return { instance, hasCommands: what === commands };
}
