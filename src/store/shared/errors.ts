/** The store can't be written: the disk is full, the file or the server is gone, or the writer has stopped. */
export class StoreUnavailableError extends Error {}
