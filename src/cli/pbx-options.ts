/** The kinds of PBX that a configuration can be printed for. */
export type PbxFlavor = 'asterisk' | 'freepbx' | 'mikopbx';

/** What `patchbay pbx-config` prints its text from. Every value is checked: a line break would be a directive of its own. */
export interface PbxConfigOptions {
  readonly flavor: PbxFlavor;
  /** `agi`: one FastAGI question, full answer (queues, caller's name). `curl`: over HTTP, bounded to a second even when the gateway is frozen, dial string only. */
  readonly way: 'agi' | 'curl';
  /** Where the PBX reaches the FastAGI port. Better an address than a name: each address of a name may cost two seconds. */
  readonly agi: { readonly host: string; readonly port: number };
  /** Where the PBX reaches the REST API, without a slash at the end. Used by the `curl` way. */
  readonly apiUrl: string;
  /** Token with the role `integration` for the `curl` way; null prints a place to paste it. */
  readonly apiToken: string | null;
  /** Name of the connection in the configuration. */
  readonly connection: string;
  /** The AMI account; `permit` is the address Patchbay connects from. A null secret prints a place to paste it. */
  readonly ami: { readonly username: string; readonly secret: string | null; readonly permit: string };
  /** `context,extension,priority` for callers that Patchbay has nobody for; `return` to go back by Return(). The extension may be `${PATCHBAY_LINE}`. */
  readonly fallback: string;
  /** Dial string of the printed default fallback; empty when nobody is known. */
  readonly everyone: string;
  /** Whether the dialplan records by MixMonitor. FreePBX and MikoPBX record by themselves. */
  readonly record: boolean;
}

/** One piece of configuration: which file it belongs to, and its text. */
export interface PbxPiece {
  readonly file: string;
  readonly text: string;
}
