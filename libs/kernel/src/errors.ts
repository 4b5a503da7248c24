/**
 * The three kinds of thrown trouble. They are mapped in exactly two places: the HTTP error filter and the job runner.
 * Expected outcomes (a code that was already scanned, an empty budget) are returned, never thrown.
 */
export class Rejected extends Error {
  /**
   * The caller's fault (4xx). `code` is a stable machine word, `message` tells a person what happened and what to do,
   * `status` is the HTTP status, `details` may name the faulty fields.
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 = 400,
    readonly details?: unknown,
  ) {
    super(message);
    this.name = 'Rejected';
  }
}

/** Bad luck that may pass: retried by jobs, answered 503 with Retry-After over HTTP. */
export class Transient extends Error {
  constructor(
    message: string,
    readonly retryAfterSeconds = 1,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'Transient';
  }
}

/** A bug of ours: 500 over HTTP, parked as dead in a queue. */
export class Defect extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'Defect';
  }
}
