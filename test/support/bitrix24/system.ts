import { systemErrors } from './errors.ts';
import type { Method } from './method.ts';

/** Methods about the portal and the caller. `methods`: all that the portal knows. */
export function systemMethods(methods: () => ReadonlyMap<string, Method>): readonly Method[] {
  return [
    {
      name: 'scope',
      scopes: ['basic'],
      parameters: ['full'],
      run: ({ authority }) => [...authority.scopes].filter((scope) => scope !== 'basic'),
    },
    {
      name: 'methods',
      scopes: ['basic'],
      parameters: ['full', 'scope'],
      run: ({ authority }) =>
        [...methods().values()]
          .filter((method) => method.scopes.some((scope) => authority.scopes.has(scope)))
          .map(({ name }) => name.toLowerCase()),
    },
    {
      name: 'method.get',
      scopes: ['basic'],
      parameters: ['name'],
      run: ({ authority, parameters }) => {
        const method = methods().get(parameters.text('name')?.toLowerCase() ?? '');
        const isAvailable = method?.scopes.some((scope) => authority.scopes.has(scope)) === true;
        return { isExisting: method !== undefined, isAvailable };
      },
    },
    {
      name: 'app.info',
      scopes: ['basic'],
      parameters: [],
      run: ({ authority }) => {
        if (authority.app === null) throw systemErrors.accessDenied('Access denied! Application context required');
        return {
          ID: 1,
          CODE: authority.app,
          VERSION: 1,
          STATUS: 'L',
          INSTALLED: true,
          PAYMENT_EXPIRED: 'N',
          DAYS: null,
          LANGUAGE_ID: 'ru',
          LICENSE: 'ru_basic',
          LICENSE_TYPE: 'basic',
          LICENSE_FAMILY: 'basic',
        };
      },
    },
    { name: 'feature.get', scopes: ['basic'], parameters: ['CODE'], run: () => ({ value: 'Y' }) },
    { name: 'server.time', scopes: ['basic'], parameters: [], run: ({ core }) => core.now() },
  ];
}
