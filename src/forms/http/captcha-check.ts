import { createHash } from 'node:crypto';
import type { CaptchaSettings } from '../../domain/written/form-settings.ts';
import type { Clock } from '../../runtime/clock.ts';
import { verifyCaptcha } from '../reading/captcha.ts';

/** A proof is good for one question to its service, and a browser that had no answer sends it again. */
const rememberedFor = 10 * 60_000;
const mostRemembered = 10_000;

/** Whether visitors proved to be human; remembers good proofs for a while, so that a repeat is not refused. */
export class CaptchaCheck {
  readonly #clock: Clock;
  readonly #good = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `missing`, `robot`, or let through: where the service can't say, a client weighs more than a robot. */
  async verdict(
    settings: CaptchaSettings,
    proof: string | null,
    address: string,
  ): Promise<'missing' | 'robot' | 'pass'> {
    if (proof === null) return 'missing';
    const now = this.#clock.now();
    const key = createHash('sha256').update(`${settings.kind} ${proof}`).digest('base64');
    if ((this.#good.get(key) ?? 0) > now) return 'pass';
    const verdict = await verifyCaptcha(settings, proof, address);
    if (verdict === 'robot') return 'robot';
    if (verdict === 'human') this.#remember(key, now);
    return 'pass';
  }

  #remember(key: string, now: number): void {
    const [oldest] = this.#good.keys();
    if (this.#good.size >= mostRemembered && oldest !== undefined) this.#good.delete(oldest);
    this.#good.set(key, now + rememberedFor);
  }
}
