/** The kinds of PBX for which a configuration can be printed. */
export type PbxFlavor = 'asterisk' | 'freepbx' | 'mikopbx';

/** Values that `patchbay pbx-config` prints. Every value is validated: a line break would start a directive of its own. */
export interface PbxConfigOptions {
  readonly flavor: PbxFlavor;
  /**
   * `agi`: a FastAGI question with the full answer (queues, caller's name). `curl`: over HTTP, with the dial string only, but
   * bounded to one second even if the gateway hangs.
   */
  readonly way: 'agi' | 'curl';
  /** Address of FastAGI for the PBX. An IP address is better than a name: each address of a name may cost two seconds. */
  readonly agi: { readonly host: string; readonly port: number };
  /** Base URL of the REST API for the PBX, without a trailing slash. Used by the `curl` way. */
  readonly apiUrl: string;
  /** Token with the role `integration` for the `curl` way; null prints a placeholder. */
  readonly apiToken: string | null;
  /** Name of the connection in the configuration. */
  readonly connection: string;
  /** The AMI account; `permit` is the address Patchbay connects from. A null secret prints a placeholder. */
  readonly ami: { readonly username: string; readonly secret: string | null; readonly permit: string };
  /**
   * `context,extension,priority` for calls for which Patchbay finds nobody, or `return` to leave with Return(). The extension may
   * be `${PATCHBAY_LINE}`.
   */
  readonly fallback: string;
  /** Dial string of the printed default fallback; empty without managers. */
  readonly everyone: string;
  /** Whether the dialplan records calls with MixMonitor. FreePBX and MikoPBX record by themselves. */
  readonly record: boolean;
}

/** A piece of configuration, and the file it belongs to. */
export interface PbxPiece {
  readonly file: string;
  readonly text: string;
}
