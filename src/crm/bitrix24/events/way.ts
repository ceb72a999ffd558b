import type { Bitrix24Config } from '../schema.ts';

/**
 * Whether we ask the portal for its events, since it can't post them to `hookUrl`. A portal on this machine, which alone may be without
 * TLS, can.
 */
export function isPolled({ events }: Pick<Bitrix24Config, 'events'>, portal: string, hookUrl: string): boolean {
  if (events !== 'auto') return events === 'polled';
  return portal.startsWith('https://') && !hookUrl.startsWith('https://');
}
