import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { PackLeaks } from '@app/codes';
import { UnitOfWork } from '@app/database';
import { HandlesJob, type Delivery, type JobHandler } from '@app/jobs';
import { memberId } from '@app/kernel';
import { HoneyScanned } from './honey-scanned.job';
import { ScanRecords } from './scan-records.repository';

type Payload = z.infer<typeof HoneyScanned.payload>;

/** Raises the alarm over a leaked pack, behind the scan: whoever scanned has their answer and cannot tell by waiting. */
@HandlesJob(HoneyScanned)
@Injectable()
export class HoneyScannedHandler implements JobHandler<Payload> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly records: ScanRecords,
    private readonly leaks: PackLeaks,
  ) {}

  async handle({ scans }: Payload, delivery: Delivery): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      if (!(await delivery.completeIn(tx))) return;
      const keys = scans.map(([member, scanId]) => ({ member: memberId(member), scanId }));
      await this.leaks.record(tx, await this.records.many(tx, keys));
    });
  }
}
