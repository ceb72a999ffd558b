import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { hashToken } from '../../../src/api/cookie.ts';
import type { Role, Scope } from '../../../src/domain/access/access.ts';
import type { ClientId, InteractionId } from '../../../src/domain/base/ids.ts';
import type { Line, Staff } from '../../../src/domain/directory/manager.ts';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import type { Write } from '../../../src/domain/ports/writes.ts';
import { FileBlobs } from '../../../src/store/blobs/file-blobs.ts';
import { call, client, leg, manager } from '../../support/calls.ts';
import { formLine } from '../../support/forms.ts';
import { type Office, openOffice } from '../../support/office.ts';
import { letter } from '../../support/written.ts';

/** Who owns something, from Anna's point of view: herself, a colleague in her department, somebody else. */
export type Owner = 'own' | 'department' | 'other';
export const owners: readonly Owner[] = ['own', 'department', 'other'];

/** The manager and the line of each kind of owner. */
const ownerRows: Readonly<
  Record<Owner, { readonly manager: string; readonly extension: string; readonly line: string }>
> = {
  own: { manager: 'anna', extension: '101', line: 'annas' },
  department: { manager: 'clara', extension: '102', line: 'claras' },
  other: { manager: 'boris', extension: '103', line: 'boriss' },
};

/** Who sends the request: Anna as a user, or a program. */
export interface Persona {
  readonly name: string;
  readonly role: Role;
  readonly scope: Scope;
  readonly kind: 'user' | 'token';
}

const user = (role: Role, scope: Scope): Persona => ({ name: `${role}-${scope}`, role, scope, kind: 'user' });

/** Every role with every scope that it can have. */
export const personas: readonly Persona[] = [
  user('operator', 'own'),
  user('operator', 'department'),
  user('operator', 'company'),
  user('supervisor', 'own'),
  user('supervisor', 'department'),
  user('supervisor', 'company'),
  user('admin', 'company'),
  { name: 'integration', role: 'integration', scope: 'company', kind: 'token' },
];

/** Whether a persona may see what this kind of owner has. */
export function sees({ scope }: Persona, owner: Owner): boolean {
  return scope === 'company' || owner === 'own' || (owner === 'department' && scope === 'department');
}

/** The things of one owner that requests are about. */
export interface Things {
  readonly owner: Owner;
  readonly manager: string;
  readonly client: ClientId;
  readonly call: Interaction;
  readonly letter: Interaction;
  readonly recording: string;
  readonly attachment: string;
  /** A task of the owner. */
  readonly task: string;
  /** A lead in the pool of the owner's line. */
  readonly lead: string;
  /** The contact that created the lead. */
  readonly stranger: Interaction;
}

/** An office of three managers in two departments. */
export interface AccessOffice extends Office {
  /** Creates new things of an owner. */
  things(owner: Owner): Promise<Things>;
  /** Lets a call of the client ring at the owner's extension. */
  ring(owner: Owner, things: Things): Promise<Interaction>;
  /** The headers of a persona's requests. */
  headers(persona: Persona): Readonly<Record<string, string>>;
}

const line = (id: string, manager: string, address: string): Line => ({
  id,
  channel: 'call',
  address,
  label: id,
  connection: null,
  attribution: { source: null, medium: null, campaign: null },
  route: `manager:${manager}`,
});

const staff: Staff = {
  managers: [
    manager('anna', '101', { department: 'sales' }),
    manager('clara', '102', { department: 'sales' }),
    manager('boris', '103', { department: 'service' }),
  ],
  lines: [
    line('annas', 'anna', '74950000001'),
    line('claras', 'clara', '74950000002'),
    line('boriss', 'boris', '74950000003'),
    formLine('site'),
  ],
};

/** Opens the office, with a session or token for each persona. */
export async function openAccessOffice(): Promise<AccessOffice> {
  const directory = await mkdtemp(join(tmpdir(), 'patchbay-access-'));
  const blobs = new FileBlobs(join(directory, 'blobs'));
  const audio = join(directory, 'a.wav');
  await writeFile(audio, '0123456789');
  const office = await openOffice({
    staff: () => staff,
    blobs,
    users: false,
    sending: () => [
      { connection: 'mail', channel: 'email', to: 'email', lines: [] },
      { connection: 'pbx', channel: 'call', to: 'phone', lines: [] },
    ],
  });
  const expiresAt = office.clock.now() + 3_600_000;
  const now = office.clock.now();
  await apply(
    { op: 'staff', staff, at: now },
    ...personas.flatMap(({ name, role, scope, kind }): Write[] =>
      kind === 'token'
        ? [{ op: 'put-token', token: { name, role, tokenHash: hashToken(secretOf(name)), createdAt: now } }]
        : [
            { op: 'put-user', user: { login: name, role, manager: 'anna', scope, passwordHash: 'none' } },
            { op: 'open-session', session: { tokenHash: hashToken(secretOf(name)), login: name, expiresAt } },
          ],
    ),
  );
  let serial = 0;

  async function apply(...writes: readonly Write[]): Promise<readonly Interaction[]> {
    const results = await office.intake.apply(writes);
    return results.flatMap((result) => {
      if (!result.ok) throw new Error(result.message);
      return result.changes.map(({ interaction }) => interaction);
    });
  }

  async function things(owner: Owner): Promise<Things> {
    serial += 1;
    const n = serial;
    const { manager, extension, line: lineId } = ownerRows[owner];
    const id = `${manager}-${n}`;
    const phone = `+7916${String(1_000_000 + n)}`;
    const email = `${id}@example.com`;
    const known = client(id, [phone], { responsible: manager });
    const startedAt = office.clock.now() - 60_000;
    const endedAt = startedAt + 30_000;
    const recording = { file: `${id}.wav`, path: audio, leg: 0, kind: 'call', state: 'ready' } as const;
    const blob = await blobs.put(Readable.from([Buffer.from('<p>Hello</p>')]), 1000);
    const [talk] = await apply(
      {
        op: 'put-clients',
        clients: [{ ...known, identifiers: [...known.identifiers, { kind: 'email', value: email }] }],
        at: now,
      },
      {
        op: 'contact',
        event: call(id, {
          state: 'answered',
          startedAt,
          endedAt,
          party: { raw: phone, name: null, withheld: false },
          legs: [leg(extension, { rangAt: startedAt, talkedAt: startedAt + 1000, endedAt, outcome: 'answered' })],
          recordings: [{ ...recording, startedAt, seconds: 9, mime: 'audio/wav', bytes: 10 }],
        }),
      },
    );
    await apply({
      ...({ op: 'put-transcript', interaction: talk?.id as InteractionId, by: 'auto', at: now } as const),
      recording: talk?.recordings[0]?.id ?? '',
      transcript: {
        ...{ language: 'en', source: null },
        phrases: [{ side: null, manager: null, from: 0, to: 1, text: 'Hello' }],
      },
    });
    const [written] = await apply({
      op: 'contact',
      event: letter(id, {
        at: startedAt,
        party: { phone: null, email, account: null, name: null },
        attachments: [{ blob: blob.id, name: 'a.pdf', mime: 'application/pdf', bytes: blob.bytes }],
        body: { blob: blob.id, mime: 'text/html', quotedAt: null, remoteImages: false, inline: [] },
      }),
    });
    const missed = { state: 'missed', startedAt, endedAt, legs: [] } as const;
    const raw = `+7903${String(1_000_000 + n)}`;
    const dialled = staff.lines.find((one) => one.id === lineId)?.address ?? '';
    const [stranger] = await apply({
      op: 'contact',
      event: call(`${id}-s`, { ...missed, party: { raw, name: null, withheld: false }, dialled }),
    });
    const leads = await office.store.read.leads({ limit: 200, cursor: null });
    const lead = leads.items.find(({ first }) => first === stranger?.id);
    if (talk === undefined || written === undefined || stranger === undefined || lead === undefined)
      throw new Error('something was not taken in');
    return {
      owner,
      manager,
      client: known.id,
      call: talk,
      letter: written,
      recording: talk.recordings[0]?.id ?? '',
      attachment: written.attachments[0]?.id ?? '',
      task: written.id,
      lead: lead.id,
      stranger,
    };
  }

  async function ring(owner: Owner, { call: talk }: Things): Promise<Interaction> {
    serial += 1;
    const startedAt = office.clock.now();
    const legs = [leg(ownerRows[owner].extension, { rangAt: startedAt })];
    const party = { raw: talk.party.raw, name: null, withheld: false };
    const [ringing] = await apply({ op: 'contact', event: call(`rings-${serial}`, { startedAt, party, legs }) });
    if (ringing === undefined) throw new Error('the call was not taken in');
    return ringing;
  }

  return {
    ...office,
    things,
    ring,
    headers({ name, kind }) {
      return kind === 'token'
        ? { authorization: `Bearer ${secretOf(name)}` }
        : { cookie: `patchbay_session=${secretOf(name)}`, origin: office.url };
    },
    async close() {
      await office.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A persona's cookie or token. */
function secretOf(name: string): string {
  return `secret-of-${name}`.padEnd(32, '_');
}
