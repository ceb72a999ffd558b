import { describe, expect, it } from 'vitest';
import { portalError } from '../../../../src/crm/bitrix24/api/errors.ts';

describe('an answer of the portal', () => {
  it.each([
    [{ error: 'ERROR_CORE', error_description: 'User is not found' }, 400, 'refused'],
    [{ error: '' }, 400, 'refused'],
    [{ error: 'QUERY_LIMIT_EXCEEDED' }, 503, 'later'],
    // Cut off on the way, or of something between us and the portal: it refuses nothing for good.
    [{}, 400, 'unknown'],
    [{}, 404, 'unknown'],
    [{}, 429, undefined],
    [{ result: [] }, 200, undefined],
  ])('%j with status %i is trouble of the kind %s', (answer, status, trouble) => {
    expect(portalError(answer, status, null)?.trouble).toBe(trouble);
  });
});
