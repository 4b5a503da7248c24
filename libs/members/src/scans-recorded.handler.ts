import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { UnitOfWork } from '@app/database';
import { HandlesJob, type Delivery, type JobHandler } from '@app/jobs';
import { FoldScans } from './fold-scans';
import { MembersScansRecorded } from './member-jobs';

type Payload = z.infer<typeof MembersScansRecorded.payload>;

@HandlesJob(MembersScansRecorded)
@Injectable()
export class MembersScansRecordedHandler implements JobHandler<Payload> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly foldScans: FoldScans,
  ) {}

  async handle({ scans }: Payload, delivery: Delivery): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      if (await delivery.completeIn(tx)) await this.foldScans.run(tx, scans);
    });
  }
}
