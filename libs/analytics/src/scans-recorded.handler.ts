import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { UnitOfWork } from '@app/database';
import { HandlesJob, type Delivery, type JobHandler } from '@app/jobs';
import { AnalyticsScansRecorded } from './analytics-jobs';
import { FoldFacts } from './fold-facts';

type Payload = z.infer<typeof AnalyticsScansRecorded.payload>;

@HandlesJob(AnalyticsScansRecorded)
@Injectable()
export class AnalyticsScansRecordedHandler implements JobHandler<Payload> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly foldFacts: FoldFacts,
  ) {}

  async handle({ scans }: Payload, delivery: Delivery): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      if (await delivery.completeIn(tx)) await this.foldFacts.run(tx, scans);
    });
  }
}
