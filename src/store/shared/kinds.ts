import type { Channel, Direction, Interaction } from '../../domain/interaction/interaction.ts';
import { isLive } from '../../domain/interaction/interaction.ts';
import type { InteractionQuery } from '../../domain/ports/queries.ts';
import { readCursor } from './paging.ts';
import type { SqlQuery } from './sql-query.ts';

/** Channel, direction and state of a contact; one index holds them together with its time. */
type Kind = readonly [Channel, Direction, Interaction['state']];

const directions: readonly Direction[] = ['inbound', 'outbound', 'internal'];
const callStates = ['answered', 'missed', 'unanswered', 'failed'] as const;
const writtenStates = ['received', 'queued', 'sent', 'delivered', 'read', 'failed'] as const;
const statesOf: Readonly<Record<Channel, readonly Interaction['state'][]>> = {
  call: callStates,
  email: writtenStates,
  message: writtenStates,
  form: writtenStates,
  meeting: writtenStates,
};

/** Every kind that a finished contact can have. */
const kinds: readonly Kind[] = (Object.keys(statesOf) as Channel[]).flatMap((channel) =>
  directions.flatMap((direction) => statesOf[channel].map((state): Kind => [channel, direction, state])),
);

/** Whether a query filters by channel, direction or state. */
export function filtersByKind({ channel, direction, state }: InteractionQuery): boolean {
  return [channel, direction, state].some((filter) => filter !== undefined);
}

/**
 * Selects contacts of certain kinds, newest first, by merging the first rows of each kind. Even for a rare
 * combination, no other rows are read. Calls in progress are few and have a separate index, so that a change of state
 * does not rewrite this one.
 */
export function selectByKind(query: InteractionQuery): SqlQuery {
  const given = [query.channel, query.direction, query.state];
  const wanted = kinds.filter((kind) => kind.every((value, i) => given[i] === undefined || given[i] === value));
  const over = wanted.map((kind) =>
    branch(query, 'NOT i.live AND i.channel = ? AND i.direction = ? AND i.state = ?', kind),
  );
  const mayLive = query.state === undefined || isLive(query.state);
  const branches = mayLive ? [...over, live(query)] : over;
  // Contacts of the channel never have this state.
  if (branches.length === 0) return { sql: 'SELECT body FROM interactions WHERE 1 = 0', values: [] };
  const all = branches.map(({ sql }, n) => `SELECT * FROM (${sql}) b${n}`).join(' UNION ALL ');
  const first = `SELECT id FROM (${all}) a ORDER BY started_at DESC, id DESC LIMIT ?`;
  return {
    sql: `SELECT body FROM interactions WHERE id IN (${first}) ORDER BY started_at DESC, id DESC`,
    values: [...branches.flatMap(({ values }) => values), query.limit + 1],
  };
}

function live(query: InteractionQuery): SqlQuery {
  const filters = (['channel', 'direction', 'state'] as const).filter((name) => query[name] !== undefined);
  const condition = ['i.live', ...filters.map((name) => `i.${name} = ?`)].join(' AND ');
  return branch(
    query,
    condition,
    filters.map((name) => query[name]),
  );
}

function branch({ since, cursor, limit }: InteractionQuery, condition: string, given: readonly unknown[]): SqlQuery {
  const conditions = [condition];
  const values = [...given];
  if (since !== undefined) {
    conditions.push('i.started_at >= ?');
    values.push(since);
  }
  const after = readCursor(cursor);
  if (after !== null) {
    conditions.push('(i.started_at, i.id) < (?, ?)');
    values.push(...after);
  }
  const sql = `SELECT i.id, i.started_at FROM interactions i WHERE ${conditions.join(' AND ')}
    ORDER BY i.started_at DESC, i.id DESC LIMIT ?`;
  return { sql, values: [...values, limit + 1] };
}
