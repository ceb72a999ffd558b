import type { Speaker } from '../../../domain/call/transcript.ts';

const speakers: Readonly<Record<string, Speaker>> = {
  client: 'client',
  customer: 'client',
  caller: 'client',
  клиент: 'client',
  manager: 'manager',
  agent: 'manager',
  operator: 'manager',
  user: 'manager',
  менеджер: 'manager',
  оператор: 'manager',
};

/** Who speaks, by the name that a recogniser gives; null for others, such as `SPEAKER_01`. */
export function speakerOf(name: string | null): Speaker | null {
  const word = name?.trim().toLowerCase() ?? '';
  return Object.hasOwn(speakers, word) ? (speakers[word] ?? null) : null;
}
