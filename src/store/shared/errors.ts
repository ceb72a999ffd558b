/** The store can't be written: the disk is full, the file or the server is gone, or the writer has stopped. Nothing of the batch was kept. */
export class StoreUnavailableError extends Error {
  override readonly name: string = 'StoreUnavailableError';
}

/** The store was lost in the middle of a commit: nobody knows whether the batch was kept, and repeating it might double it. */
export class UncertainWriteError extends StoreUnavailableError {
  override readonly name = 'UncertainWriteError';
}
