import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Tx } from '@app/database';
import { Defect } from '@app/kernel';
import { definedJobs, type Job } from './job';

/** What a handler may know about this delivery. */
export interface Delivery {
  readonly outboxId: string;
  /** 1 for the first delivery. */
  readonly delivery: number;
  /** Marks the row done inside the handler's transaction: true once, false when the work is already done (then stop). */
  completeIn(tx: Tx): Promise<boolean>;
}

export interface JobHandler<P> {
  handle(payload: P, delivery: Delivery): Promise<void>;
}

const HANDLES = Symbol('handles-job');

/** Declares a provider as the one handler of a job. */
export function HandlesJob<P>(job: Job<P>) {
  return (target: new (...args: never[]) => JobHandler<P>): void => {
    Reflect.defineMetadata(HANDLES, job.name, target);
  };
}

/** Finds handlers among the providers. Boot fails when a defined job has none or two. */
@Injectable()
export class HandlerRegistry {
  private readonly handlers = new Map<string, JobHandler<never>>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** Collects handlers. `strict` demands one for every defined job. */
  collect(strict: boolean): void {
    for (const wrapper of this.discovery.getProviders()) {
      const name = wrapper.metatype
        ? (Reflect.getMetadata(HANDLES, wrapper.metatype) as string | undefined)
        : undefined;
      if (!name || !wrapper.instance) continue;
      const known = this.handlers.get(name);
      if (known && known !== wrapper.instance) throw new Defect(`job ${name} has two handlers`);
      this.handlers.set(name, wrapper.instance as JobHandler<never>);
    }
    const missing = definedJobs().filter((job) => !this.handlers.has(job.name));
    if (strict && missing.length > 0) {
      throw new Defect(`no handler for ${missing.map((job) => job.name).join(', ')}`);
    }
  }

  find(name: string): { job: Job<never>; handler: JobHandler<never> } | null {
    const job = definedJobs().find((candidate) => candidate.name === name);
    const handler = this.handlers.get(name);
    return job && handler ? { job, handler } : null;
  }

  /** Names of jobs that somebody is waiting for. */
  urgent(): string[] {
    return definedJobs().flatMap((job) => (job.urgent ? [job.name] : []));
  }

  queues(): string[] {
    return [...new Set(definedJobs().map((job) => job.queue))];
  }
}
