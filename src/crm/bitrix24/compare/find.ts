import { ServiceError } from '../../../runtime/http/service-error.ts';
import type { ExpectedContact, RemoteContact } from '../../shared/compare/comparable.ts';
import { unreadable } from '../api/errors.ts';
import { originator } from '../api/origin.ts';
import type { Command, Portal } from '../api/portal.ts';
import { rowsOf } from '../api/rows.ts';
import { externalId } from '../calls/registration.ts';
import { cardOf } from '../cards/card.ts';
import { answered, cardNumber, rowsOf as rowsWithIds } from '../directory/rows.ts';
import { remoteCall } from './remote-calls.ts';
import { activityFields, remoteActivity } from './remote-records.ts';

/** Commands of one request. */
const perBatch = 50;

/** A question about one expected thing, and what its answer says. */
interface Look {
  readonly command: Command;
  read(answer: ReturnType<typeof answered> | Error): readonly RemoteContact[];
}

/** Looks for things by their ids and by our mark, whenever they began. Rejects unless every question is answered. */
export async function findContacts(
  expected: readonly ExpectedContact[],
  portal: Portal,
  signal: AbortSignal,
): Promise<readonly RemoteContact[]> {
  const looks = expected.flatMap(looksFor);
  const found: RemoteContact[] = [];
  for (let at = 0; at < looks.length; at += perBatch) {
    const some = looks.slice(at, at + perBatch).map((look, i) => [`look${i}`, look] as const);
    const commands = Object.fromEntries(some.map(([name, { command }]) => [name, command]));
    const answers = await portal.batch(commands, { signal });
    for (const [name, look] of some) {
      const answer = answers[name];
      if (answer === undefined) throw unreadable();
      found.push(...look.read(answer));
    }
  }
  return found;
}

function looksFor(expected: ExpectedContact): readonly Look[] {
  const [kind, part] = expected.item.split(' ');
  switch (kind) {
    case 'call': {
      const own = callLook({ EXTERNAL_CALL_ID: externalId({ id: expected.interaction }, Number(part)) });
      return expected.remote === null ? [own] : [own, callLook({ CALL_ID: expected.remote })];
    }
    case 'activity': {
      const own = activityLook({ ORIGINATOR_ID: originator, ORIGIN_ID: expected.interaction });
      return expected.remote === null ? [own] : [own, activityLook({ ID: expected.remote })];
    }
    case 'comment':
      return expected.remote === null ? [] : [commentLook(expected, expected.remote)];
    default:
      return expected.remote === null ? [] : cardLooks(expected, expected.remote);
  }
}

function callLook(FILTER: { readonly CALL_ID: string } | { readonly EXTERNAL_CALL_ID: string }): Look {
  return {
    command: { method: 'voximplant.statistic.get', parameters: { FILTER, SORT: 'ID', ORDER: 'ASC' } },
    read: (answer) => rowsOf(answered(answer)).map(remoteCall),
  };
}

function activityLook(filter: Readonly<Record<string, string>>): Look {
  return {
    command: {
      method: 'crm.activity.list',
      parameters: { filter, order: { ID: 'ASC' }, select: activityFields },
    },
    read: (answer) => {
      if (answered(answer).total === null) throw unreadable();
      return rowsWithIds(answered(answer)).map(({ id, fields }) => remoteActivity(id, fields));
    },
  };
}

function commentLook(expected: ExpectedContact, id: string): Look {
  return {
    command: { method: 'crm.timeline.comment.get', parameters: { id } },
    read: (answer) => {
      if (answer instanceof ServiceError && answer.code === 'NOT_FOUND') return [];
      answered(answer);
      return [same(expected, id)];
    },
  };
}

/** Cards that were made of a stranger, such as `contact-1,deal-2`: the last one is what stands for them. */
function cardLooks(expected: ExpectedContact, remote: string): readonly Look[] {
  const card = cardOf(remote.split(',').at(-1) ?? '');
  if (card === null) return [];
  return [
    {
      command: { method: `crm.${card.kind}.list`, parameters: { filter: { ID: card.id }, select: ['ID'] } },
      read: (answer) => {
        const rows = rowsOf(answered(answer));
        return rows.some(({ ID }) => cardNumber(ID) === card.id) ? [same(expected, remote)] : [];
      },
    },
  ];
}

/** Something that is there just as the ledger has it. */
function same({ interaction, channel, item }: ExpectedContact, id: string): RemoteContact {
  return { interaction, channel, item, id, companion: null, facts: {} };
}
