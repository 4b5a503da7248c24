import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

const RUNS_FIRST = Symbol('runs-first');

/** Declares a method as work that must be over before this process takes its first job or interval. If it throws, the process does not start. */
export function RunsFirst() {
  return (target: object, key: string): void => {
    Reflect.defineMetadata(RUNS_FIRST, true, target, key);
  };
}

/** Runs every RunsFirst method, one after another. */
@Injectable()
export class FirstSteps {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  async run(): Promise<void> {
    for (const { instance } of this.discovery.getProviders()) {
      if (!instance || typeof instance !== 'object') continue;
      const prototype = Object.getPrototypeOf(instance) as Record<string, unknown> | null;
      if (!prototype) continue;
      for (const method of this.scanner.getAllMethodNames(prototype)) {
        if (Reflect.getMetadata(RUNS_FIRST, prototype, method) !== true) continue;
        await (instance as Record<string, () => Promise<void>>)[method]!();
      }
    }
  }
}
