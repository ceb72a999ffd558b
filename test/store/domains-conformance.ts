import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientId } from '../../src/domain/base/ids.ts';
import type { Interaction } from '../../src/domain/interaction/interaction.ts';
import type { Store } from '../../src/domain/ports/store.ts';
import type { Write } from '../../src/domain/ports/writes.ts';
import { applied } from '../support/applied.ts';
import { client } from '../support/calls.ts';
import { letter, writtenAt } from '../support/written.ts';

const at = writtenAt;
const of = (id: string, ...emails: string[]) =>
  client(id, [], { identifiers: emails.map((value) => ({ kind: 'email', value })) });

/** How every store must suggest clients by the domain of an unknown address; run for each implementation. */
export function describeDomains(
  name: string,
  open: (more: { readonly publicMail: readonly string[] }) => Promise<Store>,
): void {
  describe(`${name}: clients by e-mail domain`, () => {
    let store: Store;

    beforeEach(async () => {
      store = await open({ publicMail: ['provider.example'] });
    });

    afterEach(() => store.close());

    const apply = (...writes: Write[]) => applied(store, writes);

    let serial = 0;
    async function from(email: string): Promise<Interaction> {
      serial += 1;
      const party = { phone: null, email, account: null, name: null };
      const [first] = await apply({ op: 'contact', event: letter(`d${serial}`, { party }) });
      return first ?? expect.fail('no interaction');
    }
    const put = (...clients: ReturnType<typeof of>[]) => apply({ op: 'put-clients', clients, at });
    const candidatesOf = ({ match }: Interaction) => match.candidates.map((one) => one.client.id);

    it('suggests the client without matching it, so the letter becomes a lead', async () => {
      await put(of('c', 'info@firm.example', 'boss@firm.example'), of('d', 'info@other.example'));
      const kept = await from('New@Firm.example');
      expect(kept).toMatchObject({ client: null, responsible: null, match: { outcome: 'unknown', decidedBy: 'auto' } });
      expect(kept.match.candidates).toEqual([
        {
          client: { id: 'c', name: 'Client c' },
          contact: null,
          via: { kind: 'domain', value: 'firm.example' },
          why: ['an address at the domain of the client'],
        },
      ]);
      expect((await store.read.leads({ limit: 5, cursor: null })).items).toMatchObject([{ latest: kept.id }]);
      expect(candidatesOf(await from('x@sub.firm.example'))).toEqual([]);
      expect(candidatesOf(await from('x@notfirm.example'))).toEqual([]);
    });

    it('suggests a few clients, but not many', async () => {
      await put(of('c', 'c@firm.example'), of('b', 'b@firm.example'), of('a', 'a@firm.example'));
      expect(candidatesOf(await from('x@firm.example'))).toEqual(['a', 'b', 'c']);
      await put(of('d', 'd@firm.example'));
      expect(candidatesOf(await from('y@firm.example'))).toEqual([]);
    });

    it('suggests nobody for a public mail service, listed or configured', async () => {
      const services = ['gmail.com', 'mail.ru', 'yandex.ru', 'ya.ru', 'rambler.ru', 'outlook.com', 'icloud.com'];
      for (const domain of [...services, 'provider.example']) {
        await put(of(`at ${domain}`, `known@${domain}`));
        expect(candidatesOf(await from(`x@${domain}`))).toEqual([]);
      }
    });

    it("prefers the address itself, and a human's choice for it", async () => {
      await put(of('c', 'info@firm.example'), of('d', 'anna@firm.example'));
      expect(await from('anna@firm.example')).toMatchObject({ client: { id: 'd' } });
      const stranger = await from('x@firm.example');
      const by = { id: 'a', name: 'A' };
      const decision = { client: null };
      await apply({ op: 'decide', id: stranger.id, ifRevision: null, by, decision, at });
      expect(candidatesOf(await from('x@firm.example'))).toEqual([]);
    });

    it('forgets a client’s domain together with its addresses', async () => {
      await put(of('c', 'info@firm.example'), of('d', 'info@other.example'));
      await put(of('c', 'info@elsewhere.example'));
      await apply({ op: 'delete-client', id: 'd' as ClientId, at });
      expect(candidatesOf(await from('x@firm.example'))).toEqual([]);
      expect(candidatesOf(await from('x@other.example'))).toEqual([]);
      expect(candidatesOf(await from('x@elsewhere.example'))).toEqual(['c']);
    });
  });
}
