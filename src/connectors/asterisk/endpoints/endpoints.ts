import { parseChannelName, parseDeviceName } from './channel-name.ts';
import { DeviceRules, type DeviceSetting } from './device-rules.ts';
import { purposeOf } from './technologies.ts';

/**
 * What a channel or device is: ours (`extension`), outside (`trunk`), half of a Local pair that only connects others (`local`),
 * or made by Asterisk for its own purposes (`technical`). A technical channel never begins a call.
 */
export type EndpointKind = 'extension' | 'trunk' | 'local' | 'technical';

/** A channel or device by its name. */
export interface Endpoint {
  readonly kind: EndpointKind;
  /** `PJSIP` of `PJSIP/101-0000001a`. */
  readonly technology: string;
  /** `101` of `PJSIP/101-0000001a`. */
  readonly name: string;
  /** The extension whose device it is; null unless it is one of ours. */
  readonly extension: string | null;
  /** Whether this is known. An endpoint that nobody has named counts as a trunk, unless its caller id is an extension. */
  readonly certain: boolean;
}

/** Settings of a connection that say what its endpoints are. */
export interface EndpointSettings {
  /** Regular expression of extensions. If its first group is an extension by itself, that is what it names. */
  readonly extensions: string;
  /** Endpoints that lead outside, as `provider` or `PJSIP/provider`. */
  readonly trunks: readonly string[];
  readonly devices: readonly DeviceSetting[];
}

/** Limit of characters in the name of an extension. */
const maxLength = 64;

/**
 * Says once what each channel and device is, for the tracker, the call record and the device states. It knows the
 * configuration, and learns what the PBX says about its trunks and ports.
 */
export class Endpoints {
  readonly #extensions: RegExp;
  readonly #trunks: ReadonlySet<string>;
  readonly #devices: DeviceRules;
  #learnedTrunks: ReadonlySet<string> = new Set();
  #learnedDevices: ReadonlyMap<string, string> = new Map();

  constructor(settings: EndpointSettings) {
    this.#extensions = new RegExp(settings.extensions);
    this.#trunks = new Set(settings.trunks);
    this.#devices = new DeviceRules(settings.devices);
  }

  /** Whether a dialled or calling number is one of our extensions. */
  isExtension(number: string): boolean {
    return number.length <= maxLength && !this.#trunks.has(number) && this.#extensions.test(number);
  }

  /** What the channel with this name is. */
  ofChannel(name: string): Endpoint {
    return this.#of(parseChannelName(name));
  }

  /** What the device with this name is, as in DeviceStateChange. */
  ofDevice(name: string): Endpoint {
    return this.#of(parseDeviceName(name));
  }

  /**
   * What the channel with this name and caller id is. A telephone may have any name (`DAHDI/7`, `PJSIP/0004f2aabbcc`); its caller
   * id then tells the extension.
   */
  ofCaller(name: string, callerId: string): Endpoint {
    const endpoint = this.ofChannel(name);
    if (endpoint.certain || !this.isExtension(callerId)) return endpoint;
    return { ...endpoint, kind: 'extension', extension: callerId };
  }

  /** Replaces what the PBX has said about its endpoints, as `Technology/name`: those that lead outside, and the extensions of others. */
  learn(trunks: Iterable<string>, devices: Iterable<readonly [string, string]>): void {
    this.#learnedTrunks = new Set(trunks);
    this.#learnedDevices = new Map(devices);
  }

  #of({ technology, endpoint }: { technology: string; endpoint: string }): Endpoint {
    const purpose = purposeOf(technology);
    const as = (kind: EndpointKind, extension: string | null, certain: boolean) => ({
      kind,
      technology,
      name: endpoint,
      extension,
      certain,
    });
    if (purpose === 'local' || purpose === 'technical') return as(purpose, null, true);
    const full = `${technology}/${endpoint}`;
    if (this.#trunks.has(endpoint) || this.#trunks.has(full)) return as('trunk', null, true);
    const extension = this.#learnedDevices.get(full) ?? this.#extensionOf(endpoint);
    if (this.#learnedTrunks.has(full)) return as('trunk', null, true);
    if (extension !== null) return as('extension', extension, true);
    return purpose === 'telephony' ? as('trunk', null, false) : as('technical', null, true);
  }

  #extensionOf(endpoint: string): string | null {
    if (endpoint.length > maxLength) return null;
    const isExtension = (name: string) => this.#extensions.test(name);
    const found = this.#extensions.exec(endpoint);
    const group = found?.[1];
    if (group !== undefined && group !== '' && isExtension(group)) return group;
    // A plain number that is an extension is not read as another one with a prefix.
    if (found !== null && /^\d+$/.test(endpoint)) return endpoint;
    return this.#devices.extensionOf(endpoint, isExtension) ?? (found === null ? null : endpoint);
  }
}
