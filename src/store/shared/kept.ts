/** In `meta`: from which moment on (milliseconds since the epoch) everything is kept, all before being removed. */
export const keptFromName = 'kept_from';
