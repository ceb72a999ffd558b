import { onTestFinished } from 'vitest';
import { type Onec, startOnec } from '../../../support/onec/onec.ts';
import type { OnecOptions } from '../../../support/onec/options.ts';
import { MovedClock } from '../../bitrix24/portal/start.ts';
import { OnecClient } from './client.ts';

/** A scripted 1C with a caller, at 12:00 in Moscow. */
export async function start(
  options: OnecOptions = {},
): Promise<{ readonly onec: Onec; readonly client: OnecClient; readonly clock: MovedClock }> {
  const clock = new MovedClock();
  const onec = await startOnec({ clock, ...options });
  onTestFinished(() => onec.close());
  return { onec, client: new OnecClient(onec), clock };
}
