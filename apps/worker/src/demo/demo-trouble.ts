import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@app/database';
import { addDays, Defect, shanghaiDay } from '@app/kernel';
import {
  GrantList,
  MoneyCases,
  PayoutList,
  ReconciliationSchedule,
  WorkOnCase,
  WriteOffEvidence,
  WriteOffList,
  WriteOffSheets,
} from '@app/payouts';
import { AuditLog } from '@app/staff';
import type { DemoBrand } from './demo-brand';
import { demoOperator } from './demo-operators';
import type { SandboxAdmin } from './sandbox-admin';

const MOST_CASES = 50;

/** What finance finds: a day whose money can be written off, and a bill of which WeChat's file tells another amount. */
@Injectable()
export class DemoTrouble {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
    private readonly grants: GrantList,
    private readonly evidence: WriteOffEvidence,
    private readonly sheets: WriteOffSheets,
    private readonly writeOffs: WriteOffList,
    private readonly payouts: PayoutList,
    private readonly reconciliation: ReconciliationSchedule,
    private readonly cases: MoneyCases,
    private readonly work: WorkOnCase,
  ) {}

  /** A sheet with its evidence, signed by its author: it waits for the second signature. */
  async writeOff({ budgetId }: DemoBrand, operators: readonly number[], paidAt: Date): Promise<void> {
    const { id: actorId } = demoOperator('qinghe-finance', operators);
    const [grant] = (await this.grants.page({ budgetId, status: 'approved', limit: 1 })).items;
    if (!grant) throw new Defect('the demo brand has no application that was approved');
    const from = shanghaiDay(paidAt);
    const wish = { grantId: grant.id, from, to: addDays(from, 2), final: false };
    const content = await this.evidence.read({ ...wish, memo: '开盖有礼，附扫码、中奖、发放与微信单号明细' });
    const id = await this.unitOfWork.run(async (tx) => {
      const made = await this.sheets.draft(tx, content, actorId);
      const object = `write-off:${made}`;
      await this.audit.append(tx, { actorId, act: 'payouts.draft-write-off', object, after: content });
      return made;
    });
    const { contentHash } = await this.writeOffs.one(id);
    await this.unitOfWork.run(async (tx) => {
      const outcome = await this.sheets.sign(tx, { sheetId: id, contentHash, by: actorId });
      const object = `write-off:${id}`;
      await this.audit.append(tx, {
        ...{ actorId, act: 'payouts.sign-write-off', object },
        after: { contentHash, outcome },
      });
    });
  }

  /** The bill file of the day of the earlier payments misstates one of them; reconciliation finds it, and somebody looks into it. */
  async exception(
    sandbox: SandboxAdmin,
    operators: readonly number[],
    { mchId, paidAt }: { mchId: string; paidAt: Date },
  ): Promise<void> {
    const { items } = await this.payouts.page({ limit: 100, state: 'SETTLED' });
    const day = shanghaiDay(paidAt);
    const one = items.find(({ settledAt }) => settledAt !== null && shanghaiDay(settledAt) === day);
    if (!one || one.billNo === null) return;
    await sandbox.misstate({ mchId, day, outBillNo: one.billNo, amountFen: one.amountFen + 100 });
    await this.reconciliation.tick();
    const found = (await this.cases.page({ limit: MOST_CASES, kind: 'bill_amount' })).items[0];
    if (!found) throw new Defect('reconciliation did not find what the bill file misstates');
    const { id: by } = demoOperator('qinghe-finance', operators);
    const note = '商户平台上这一笔是我们付的金额，账单多 1.00 元；已向微信支付提工单，等回复';
    await this.work.assign({ caseId: found.id, by, ownerId: by, note: '我来查' });
    await this.work.note({ caseId: found.id, by, text: note });
  }
}
