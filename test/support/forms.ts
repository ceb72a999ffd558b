import { Registry } from 'prom-client';
import type { Line } from '../../src/domain/directory/manager.ts';
import { defaultFormSettings, type FormSettings } from '../../src/domain/written/form-settings.ts';
import { type Office, openOffice, staff } from './office.ts';

/** A line of the channel `form`. */
export function formLine(id: string, change: Partial<Line> = {}): Line {
  const attribution = { source: null, medium: null, campaign: null };
  return {
    id,
    channel: 'form',
    address: id,
    label: `Form ${id}`,
    connection: null,
    attribution,
    route: null,
    ...change,
  };
}

/** An office that accepts forms: one line for each entry of `forms`, which overrides the defaults. */
export interface FormOffice extends Office {
  /** Submits a form. A string, URLSearchParams or FormData is sent as it is, anything else as JSON. */
  submit(line: string, body: unknown, headers?: Record<string, string>, query?: string): Promise<Response>;
  /** Interactions accepted so far, oldest first. */
  taken(): Promise<readonly import('../../src/domain/interaction/interaction.ts').Interaction[]>;
  /** A value of the metric `patchbay_forms_total`. */
  counted(line: string, outcome: string): Promise<number>;
}

/** Opens it; `main` changes the line for calls. */
export async function openFormOffice(
  forms: Readonly<Record<string, Partial<FormSettings>>>,
  change: Parameters<typeof openOffice>[0] = {},
  main: Partial<Line> = {},
): Promise<FormOffice> {
  const lines = [...staff.lines.map((line) => ({ ...line, ...main })), ...Object.keys(forms).map((id) => formLine(id))];
  const settings = Object.fromEntries(
    Object.entries(forms).map(([id, own]) => [id, { ...defaultFormSettings, ...own }]),
  );
  const metrics = new Registry();
  const people = { ...staff, lines };
  const office = await openOffice({ staff: () => people, forms: () => settings, metrics, users: false, ...change });
  await office.intake.apply([{ op: 'staff', staff: people, at: 0 }]);
  return {
    ...office,
    submit: (line, body, headers = {}, query = '') => {
      const raw = typeof body === 'string' || body instanceof URLSearchParams || body instanceof FormData;
      return fetch(`${office.url}/api/v1/forms/${line}${query}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { ...(!raw && { 'content-type': 'application/json' }), ...headers },
        body: raw ? (body as string) : JSON.stringify(body),
      });
    },
    taken: async () => {
      const page = await office.store.read.interactions({ limit: 200, cursor: null, channel: 'form' });
      return page.items.toReversed();
    },
    counted: async (line, outcome) => {
      const found = await metrics.getSingleMetric('patchbay_forms_total')?.get();
      return found?.values.find(({ labels }) => labels.line === line && labels.outcome === outcome)?.value ?? 0;
    },
  };
}
