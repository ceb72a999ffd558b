import { describe, expect, it } from 'vitest';
import {
  type ConnectionHealth,
  type ConnectionState,
  reasonOfState,
  sinceWhen,
} from '../../../src/domain/ports/connection-state.ts';
import { because } from '../../support/written.ts';

describe('the time since which a connection has its state', () => {
  /** The times reported for a connection that has these states in turn, a second apart. */
  const timesOf = (...healths: readonly ConnectionHealth[]) => {
    let state: ConnectionState | undefined;
    return healths.map((health, at) => {
      const since: number = sinceWhen(state, health, at);
      state = { connection: 'bot', kind: 'telegram', health, ...reasonOfState(because(String(at))), since };
      return state.since;
    });
  };

  it('is the beginning of the trouble, even if its reason changes', () => {
    expect(timesOf('connecting', 'ready', 'degraded', 'failed', 'degraded', 'connecting', 'failed')).toEqual([
      0, 1, 2, 2, 2, 2, 2,
    ]);
  });

  it('is the recovery, or the moment another instance took over', () => {
    expect(timesOf('failed', 'ready', 'ready', 'standby', 'connecting', 'ready')).toEqual([0, 1, 1, 3, 4, 5]);
  });
});
