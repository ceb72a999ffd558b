/**
 * Name in `meta` of the retention boundary: everything before this time (milliseconds since the epoch) has been
 * removed.
 */
export const keptFromName = 'kept_from';
