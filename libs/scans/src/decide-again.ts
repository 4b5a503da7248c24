/** Definitions changed under the group, or a row of it was written by somebody else meanwhile: decide again from the start. */
export class DecideAgain extends Error {
  constructor(readonly exactly: boolean) {
    super('the group must be decided again');
  }
}
