import { entryOf } from '../../../domain/base/entry-of.ts';

/** A rule that names the extension of a device: `extension` may contain `$1` to `$9`, the groups of `match`. */
export interface DeviceRule {
  readonly match: string;
  readonly extension: string;
}

/** How PBXs name the further devices of an extension. The result of a rule counts only if it is an extension. */
export const devicePresets = {
  /** `201-WS` is the browser phone of 201; other suffixes are commonly given by hand, such as `201_mob`. */
  mikopbx: [
    {
      match: '^(\\d{2,8})[-_.](?:wss?|web|webrtc|rtc|browser|mob|mobile|soft|app|tab|pc|home|desk|[a-z]|\\d)$',
      extension: '$1',
    },
  ],
  /** `90201` is the browser phone of 201, and `99201` its Zulu or Sangoma client. */
  freepbx: [{ match: '^9[0-9](\\d{2,8})$', extension: '$1' }],
} as const satisfies Readonly<Record<string, readonly DeviceRule[]>>;

/** A rule, or the name of a preset. */
export type DeviceSetting = DeviceRule | keyof typeof devicePresets;

interface CompiledRule {
  readonly match: RegExp;
  readonly extension: string;
}

/** Names the extensions of devices by rules, of which the first applicable one counts. */
export class DeviceRules {
  readonly #rules: readonly CompiledRule[];

  constructor(settings: readonly DeviceSetting[]) {
    const rules = settings.flatMap((one): readonly DeviceRule[] =>
      typeof one === 'string' ? (entryOf(devicePresets, one) ?? []) : [one],
    );
    this.#rules = rules.map(({ match, extension }) => ({ match: new RegExp(match, 'i'), extension }));
  }

  /** The extension of an endpoint for which `accept` is true, or null. */
  extensionOf(endpoint: string, accept: (extension: string) => boolean): string | null {
    for (const { match, extension } of this.#rules) {
      const found = match.exec(endpoint);
      if (found === null) continue;
      const named = extension.replace(/\$([1-9])/g, (_, group: string) => found[Number(group)] ?? '');
      if (accept(named)) return named;
    }
    return null;
  }
}
