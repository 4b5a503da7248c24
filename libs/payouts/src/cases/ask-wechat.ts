import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { Rejected } from '@app/kernel';
import { LOGGER, type Logger } from '@app/observability';
import { Bills } from '../driving/bills';
import { AskAboutBill } from '../driving/jobs';
import { PayoutsRepository } from '../driving/payouts.repository';
import { RefreshPayout } from '../driving/refresh-payout';
import { appendTrail, assertRoom } from './case-trail';
import { lockCase } from './work-on-case';

/** One question about a payout in so many seconds, whoever asks: more would find out nothing new and eat our limit at WeChat. */
const EVERY_SECONDS = 60;

/** Somebody works on a case and wants to know what WeChat says of its bill now. The worker asks; the answer stands in the evidence. */
@Injectable()
export class AskWechat {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly unitOfWork: UnitOfWork,
    private readonly payouts: PayoutsRepository,
    private readonly bills: Bills,
    private readonly refresh: RefreshPayout,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Returns the bill that is asked about. Rejected: `no_case` (404), `case_closed`, `no_bill` (the case is about no bill of ours),
   * `under_way` (an exchange about it has not ended), `case_full` (409), `asked_just_now` (429).
   */
  run({ caseId, by }: { caseId: number; by: number }): Promise<{ readonly billNo: string }> {
    return this.unitOfWork.run(async (tx) => {
      const { payout, billNo: named } = await lockCase(tx, this.payouts, caseId);
      const billNo = named ?? payout?.billNo ?? null;
      if (payout === null || billNo === null || !(await this.bills.find(tx, billNo))) {
        throw new Rejected('no_bill', '这件事没有我们的单号，问不了微信', 409);
      }
      await refuseTooSoon(tx, payout.payoutKey);
      await assertRoom(tx, caseId);
      const current = payout.billNo === billNo;
      if (current && payout.state === 'SENDING') {
        throw new Rejected('under_way', '正在与微信通信，请稍后看证据链', 409);
      }
      // What the line asks about anyway is asked by the line, which then goes on from the answer.
      const byLine = current && (await this.refresh.run(tx, payout.payoutKey));
      if (!byLine) await this.outbox.append(tx, AskAboutBill, { billNo });
      await appendTrail(tx, { incidentId: caseId, actorId: by, act: 'asked_wechat', note: billNo });
      this.logger.info({ caseId, billNo }, 'payout.asked_by_hand');
      return { billNo };
    });
  }
}

async function refuseTooSoon(tx: Tx, payoutKey: string): Promise<void> {
  const [row] = await tx.query<{ seconds: string }>(
    `SELECT TIMESTAMPDIFF(SECOND, t.at, UTC_TIMESTAMP(6)) AS seconds FROM payout_incidents i
       JOIN money_case_trail t ON t.incident_id = i.id AND t.act = 'asked_wechat'
      WHERE i.payout_key = ? ORDER BY t.id DESC LIMIT 1`,
    [payoutKey],
  );
  if (!row || Number(row.seconds) >= EVERY_SECONDS) return;
  const retryAfterSeconds = EVERY_SECONDS - Number(row.seconds);
  throw new Rejected('asked_just_now', '刚刚问过微信，请稍后再问', 429, { retryAfterSeconds });
}
