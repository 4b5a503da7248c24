import { Injectable } from '@nestjs/common';
import { HandlesJob, type JobHandler } from '@app/jobs';
import { CheckBill } from './check-bill';
import { AskAboutBill } from './jobs';

@HandlesJob(AskAboutBill)
@Injectable()
export class CheckBillHandler implements JobHandler<{ billNo: string }> {
  constructor(private readonly check: CheckBill) {}

  async handle({ billNo }: { billNo: string }): Promise<void> {
    await this.check.run(billNo);
  }
}
