import { Injectable } from '@nestjs/common';
import { CampaignList, SaveDraft, SubmitCampaign, type CampaignContent } from '@app/campaigns';
import { UnitOfWork } from '@app/database';
import { Defect } from '@app/kernel';
import { Corrections, RequestGrant } from '@app/payouts';
import { AuditLog, GiveAccountLinks } from '@app/staff';
import type { DemoBrand } from './demo-brand';
import { demoOperator } from './demo-operators';

/** What waits for a second person on the first morning, each asked for by the colleague whose work it is. */
@Injectable()
export class DemoDesk {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: AuditLog,
    private readonly requestGrant: RequestGrant,
    private readonly corrections: Corrections,
    private readonly links: GiveAccountLinks,
    private readonly campaigns: CampaignList,
    private readonly saveDraft: SaveDraft,
    private readonly submitCampaign: SubmitCampaign,
  ) {}

  /** `operators` are the ids of LOGINS, in its order; `mchId` is the account that pays. */
  async run(brand: DemoBrand, operators: readonly number[], mchId: string): Promise<void> {
    await this.grant(brand, operators);
    await this.correction(operators, mchId);
    await this.invitation(operators);
    await this.version(brand, operators);
  }

  private async grant({ budgetId }: DemoBrand, operators: readonly number[]): Promise<void> {
    const { id: requestedBy } = demoOperator('qinghe', operators);
    await this.unitOfWork.run((tx) =>
      this.requestGrant.run(tx, {
        ...{ budgetId, amountFen: 8_000_000, applicationNo: 'FY2026-A-014', expenseAccount: '促销费用-秋季追加' },
        ...{ costCenter: '品牌市场部', bearer: 'shared', requestedBy },
      }),
    );
  }

  /** 充值漏记: the money is at WeChat, the books do not have it yet. */
  private async correction(operators: readonly number[], mchId: string): Promise<void> {
    const { id: actorId } = demoOperator('qinghe-finance', operators);
    const legs = [
      { account: 'outside', amountFen: -5_000_000 },
      { account: `merchant:${mchId}`, amountFen: 5_000_000 },
    ];
    const reason = '9 月 18 日向商户号充值 5 万元，银行回单 0918-3307，当时漏记';
    await this.unitOfWork.run(async (tx) => {
      const id = await this.corrections.request(tx, { legs, reason, requestedBy: actorId });
      const object = `correction:${id}`;
      await this.audit.append(tx, { actorId, act: 'payouts.request-correction', object, after: { legs }, reason });
    });
  }

  private async invitation(operators: readonly number[]): Promise<void> {
    await this.links.invite(demoOperator('qinghe', operators), {
      ...{ login: 'qinghe-winter', name: '青禾市场 许向晚', roles: ['marketer'] },
      reason: '冬季新品上市，市场部加一位同事',
    });
  }

  /** The plan against a rival, made larger: the version in force says less. */
  private async version({ campaignIds }: DemoBrand, operators: readonly number[]): Promise<void> {
    const campaignId = campaignIds.at(-1)!;
    const market = demoOperator('qinghe-market', operators);
    const { inForce } = await this.campaigns.detail(campaignId);
    if (!inForce) throw new Defect('the plan of the demo brand is not in force');
    const content = enlarged(inForce.content);
    await this.saveDraft.run({ campaignId, content, by: market.id });
    const note = '对手周末在合肥开市，晚市多备三千份，单份加到 1.28 元';
    // A new wording counts as worse until its owner says that it is not.
    const confirmReason = '规则和公示的文字只跟着金额、份数改，对消费者没有减少';
    await this.submitCampaign.run({ campaignId, by: demoOperator('qinghe', operators), note, confirmReason });
  }
}

function enlarged(content: CampaignContent): CampaignContent {
  const { burst, copy, legal, prizes } = content;
  if (!burst) throw new Defect('this campaign is no plan');
  return {
    ...content,
    burst: { ...burst, maxCount: 8_000, maxFen: 1_024_000 },
    prizes: prizes.map((prize) =>
      prize.kind === 'cash' ? { ...prize, amount: { type: 'fixed' as const, fen: 128 } } : prize,
    ),
    copy: { ...copy, ruleText: '活动期间在合肥、南京扫盖内码，每瓶送 1.28 元，送完为止；同一瓶只奖一次。' },
    legal: {
      ...legal,
      disclosure:
        '活动时间以启动公告为准，限合肥市、南京市。参与条件：在两市内扫盖内码。晚市红包 1.28 元（100%），共 8,000 份，送完即止。',
    },
  };
}
