import { Injectable } from '@nestjs/common';
import type { Tx } from '@app/database';
import { RollupsRepository } from './rollups.repository';
import { rollUp } from './roll-up';
import { factOf } from './scan-fact';
import { ScanFactsRepository } from './scan-facts.repository';

/** Counts recorded scans, each exactly once however often it is told. */
@Injectable()
export class FoldFacts {
  constructor(
    private readonly facts: ScanFactsRepository,
    private readonly rollups: RollupsRepository,
  ) {}

  /** Returns how many scans were new. */
  async run(tx: Tx, scans: readonly (readonly [number, string])[]): Promise<number> {
    // Everything that can be done without the lock comes first; whether a fact is new is asked while holding it.
    const told = (await this.facts.readScans(tx, scans)).map(factOf);
    await this.rollups.lock(tx);
    const fresh = await this.facts.absent(tx, told);
    await this.facts.insert(tx, fresh);
    await this.rollups.add(tx, rollUp(fresh));
    return fresh.length;
  }
}
