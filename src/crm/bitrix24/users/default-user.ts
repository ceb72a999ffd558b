import type { Bitrix24Parts } from '../parts.ts';

/** The portal user for managers whom the portal does not know: the configured one, or the one in whose name we call it. */
export async function defaultUser(
  { config, dictionary }: Pick<Bitrix24Parts, 'config' | 'dictionary'>,
  signal: AbortSignal,
): Promise<number> {
  return config.defaultUser ?? dictionary.ourselves(signal);
}
