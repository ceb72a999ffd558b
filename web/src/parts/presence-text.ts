import type { DeviceState } from '../../../src/domain/call/device.ts';
import type { Words } from '../i18n/russian.ts';

/** The state of a colleague's telephone in words. */
export function presenceText(state: DeviceState, text: Words): string {
  switch (state) {
    case 'idle':
      return text.idle;
    case 'ringing':
      return text.rings;
    case 'in_use':
      return text.inCall;
    case 'dnd':
      return text.dnd;
    case 'paused':
      return text.onBreak;
    case 'unavailable':
    case 'unknown':
      return text.away;
  }
}
