import type { z } from 'zod';
import { Defect } from '@app/kernel';

/** A kind of work that crosses a commit. Defined by the library that receives it; senders import the definition. */
export interface Job<P> {
  /** `library.verb`, unique in the system. */
  readonly name: string;
  /** BullMQ queue; one worker pool per queue. */
  readonly queue: string;
  /** Ids only: never personal data, never amounts. Parsed when appended and again on arrival. */
  readonly payload: z.ZodType<P>;
  /** How often anything but Transient may go wrong before the row is parked as dead. */
  readonly attempts: number;
  readonly backoff: { readonly initialMs: number; readonly maxMs: number };
  /** Somebody is waiting for it: goes before everything else that is due. */
  readonly urgent?: boolean;
  /** Rows of this job that are due together reach its handler together, up to this many at a time; one by one when absent. */
  readonly together?: number;
  /** Names the work in logs and lists; not a lock. At most 96 bytes. */
  readonly key: (payload: P) => string;
}

const defined = new Map<string, Job<never>>();

/** Declares a job. Throws Defect when the name is taken. */
export function defineJob<P>(job: Job<P>): Job<P> {
  if (defined.has(job.name)) throw new Defect(`job ${job.name} is defined twice`);
  if (Buffer.byteLength(job.name) > 64) throw new Defect(`job name ${job.name} is longer than 64 bytes`);
  defined.set(job.name, job as unknown as Job<never>);
  return job;
}

/** Every job that the loaded code can send. */
export function definedJobs(): readonly Job<never>[] {
  return [...defined.values()];
}

/** Wait before the next delivery after `failures` failures: doubling, bounded. */
export function backoffMs(job: Job<never>, failures: number): number {
  return Math.min(job.backoff.maxMs, job.backoff.initialMs * 2 ** Math.min(failures - 1, 20));
}
