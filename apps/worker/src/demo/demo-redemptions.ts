import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConfirmSheet, CreditSheet, DisputeSheet, SheetViews, StoreRedemptions, type SheetName } from '@app/channel';
import { issueScope } from '@app/analytics';
import { Database, UnitOfWork } from '@app/database';
import { addDays, fen, memberId, shanghaiDay } from '@app/kernel';
import { provinceOf } from '@app/regions';
import type { Operator } from '@app/staff';
import { demoOperator } from './demo-operators';
import type { StaffedStore } from './demo-stores';
import type { Dice } from './dice';

const NATIONAL = issueScope({ kind: 'national' });
const HOUR_MS = 3_600_000;
/** Of a hundred winners so many go back to a shop, most within days. */
const REDEEMED_PERCENT = 72;
const LONGEST_HOURS = 140;
const MOST = 3000;
const VALUE_FEN = fen(550);

interface Win {
  readonly batch: number;
  readonly layer: number;
  readonly serial: number;
  readonly slot: number;
  readonly member: string;
  readonly campaignId: number;
  readonly productId: number;
  readonly prizeName: string;
  readonly wonAt: Date;
  readonly adcode: number | null;
}

/** What the shops handed over in a summer, and the months that one distributor settled with headquarters. */
@Injectable()
export class DemoRedemptions {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly redemptions: StoreRedemptions,
    private readonly views: SheetViews,
    private readonly credits: CreditSheet,
    private readonly disputes: DisputeSheet,
    private readonly confirming: ConfirmSheet,
  ) {}

  /** Winners bring their phones to a shop of their province. Returns how many. */
  async tell(stores: readonly StaffedStore[], productId: number, dice: Dice): Promise<number> {
    const now = Date.now();
    let told = 0;
    for (const win of await this.wins()) {
      const near = stores.filter(({ adcode }) => win.adcode !== null && provinceOf(adcode) === provinceOf(win.adcode));
      const store = near[dice.below(Math.max(near.length, 1))];
      const redeemedAt = new Date(win.wonAt.getTime() + (1 + dice.below(LONGEST_HOURS)) * HOUR_MS);
      if (!store || dice.below(100) >= REDEEMED_PERCENT || redeemedAt.getTime() >= now) continue;
      await this.redeem(win, store, productId, redeemedAt);
      told++;
    }
    return told;
  }

  /**
   * Every month up to the one before the last is settled in goods and agreed to; of the last one half is, and the distributor doubts a line.
   * `operators` are the ids of LOGINS, in its order.
   */
  async settle(distributorId: number, operators: readonly number[]): Promise<void> {
    const hq = demoOperator('qinghe-finance', operators);
    const theirs = demoOperator('anhui', operators, distributorId);
    const last = monthBefore(shanghaiDay(new Date()).slice(0, 7));
    const history = await this.views.ofDistributor(NATIONAL, distributorId, last);
    for (const { month } of [...history].reverse()) {
      const name = { distributorId, month };
      const isLast = month === last;
      await this.creditAll(hq, name, isLast);
      if (isLast) await this.doubt(theirs, name);
      else await this.agree(name, hq, theirs);
    }
  }

  private async redeem(win: Win, store: StaffedStore, productId: number, redeemedAt: Date): Promise<void> {
    const { batch, layer, serial, slot, member, campaignId, prizeName } = win;
    await this.unitOfWork.run((tx) =>
      this.redemptions.record(tx, {
        ...{ code: { batch, layer, serial }, slot, member: memberId(member), campaignId, prizeName },
        ...{ storeId: store.id, distributorId: store.distributorId, clerkId: store.clerkId },
        ...{ productId, valueFen: VALUE_FEN, coPayFen: fen(0), requestId: randomUUID(), redeemedAt },
      }),
    );
  }

  private async creditAll(hq: Operator, name: SheetName, half: boolean): Promise<void> {
    const lines = await this.views.lines(NATIONAL, name);
    for (const { storeId, productId, owedUnits } of half ? lines.slice(0, lines.length >> 1) : lines) {
      if (owedUnits === 0) continue;
      const noteNo = `BH${name.month.replace('-', '')}-${storeId}`;
      const wish = { storeId, productId, kind: 'goods', units: owedUnits, amountFen: 0, noteNo, note: null } as const;
      await this.credits.credit(hq, name, { ...wish, requestId: randomUUID() });
    }
  }

  private async doubt(theirs: Operator, name: SheetName): Promise<void> {
    const line = (await this.views.lines(NATIONAL, name)).at(-1);
    if (!line) return;
    const words = '店里登记的比这里多 2 件，请核对月末那天的记录';
    await this.disputes.raise(theirs, name, { storeId: line.storeId, productId: line.productId, units: 2, words });
  }

  private async agree(name: SheetName, hq: Operator, theirs: Operator): Promise<void> {
    const { sheet } = await this.views.one(NATIONAL, name);
    const revision = sheet?.revision ?? 0;
    await this.confirming.run(hq, name, revision);
    await this.confirming.run(theirs, name, revision);
  }

  private wins(): Promise<Win[]> {
    return this.database.query<Win>(
      `SELECT a.batch_id AS batch, a.layer, a.serial, a.slot, a.member_id AS member, a.campaign_id AS campaignId,
              s.product_id AS productId, a.prize_name AS prizeName, a.won_at AS wonAt, s.adcode
         FROM awards a JOIN scans s ON s.member_id = a.member_id AND s.scan_id = a.scan_id
        WHERE a.prize_kind = 'redeem' ORDER BY a.won_at LIMIT ${MOST}`,
    );
  }
}

function monthBefore(month: string): string {
  return addDays(`${month}-01`, -1).slice(0, 7);
}
