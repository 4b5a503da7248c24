import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { UnitOfWork } from '@app/database';
import { HandlesJob, type Delivery, type JobHandler } from '@app/jobs';
import { memberId } from '@app/kernel';
import { MembersPayoutSettled } from './member-jobs';
import { MemberMoney } from './member-money';

type Payload = z.infer<typeof MembersPayoutSettled.payload>;

@HandlesJob(MembersPayoutSettled)
@Injectable()
export class MembersPayoutSettledHandler implements JobHandler<Payload> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly money: MemberMoney,
  ) {}

  async handle({ memberId: member, eventKey }: Payload, delivery: Delivery): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      if (await delivery.completeIn(tx)) await this.money.fold(tx, memberId(member), eventKey);
    });
  }
}
