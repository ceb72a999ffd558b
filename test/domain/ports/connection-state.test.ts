import { describe, expect, it } from 'vitest';
import {
  type ConnectionHealth,
  type ConnectionState,
  reasonOfState,
  sinceWhen,
} from '../../../src/domain/ports/connection-state.ts';
import { because } from '../../support/written.ts';

describe('since when a connection is as it is', () => {
  /** What is told of a connection that has these healths one after the other, a second apart. */
  const told = (...healths: readonly ConnectionHealth[]) => {
    let state: ConnectionState | undefined;
    return healths.map((health, at) => {
      const since: number = sinceWhen(state, health, at);
      state = { connection: 'bot', kind: 'telegram', health, ...reasonOfState(because(String(at))), since };
      return state.since;
    });
  };

  it('is the beginning of the trouble, whatever words it changes to', () => {
    expect(told('connecting', 'ready', 'degraded', 'failed', 'degraded', 'connecting', 'failed')).toEqual([
      0, 1, 2, 2, 2, 2, 2,
    ]);
  });

  it('is the end of the trouble once it is well, and the hand-over where another instance has it', () => {
    expect(told('failed', 'ready', 'ready', 'standby', 'connecting', 'ready')).toEqual([0, 1, 1, 3, 4, 5]);
  });
});
