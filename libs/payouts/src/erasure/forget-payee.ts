import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, type Reader, type Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import { formatYuan, sumFen, type MemberId } from '@app/kernel';
import { ErasureHolders, type Erasure, type ErasureBlock, type ErasureHolder, type ErasureLoss } from '@app/members';
import { AuthorisationsRepository } from '../authorisations/authorisations.repository';
import { AdvanceAuthorisation } from '../authorisations/jobs';
import type { PayoutState } from '../payout-state';
import { MemberPayoutSums, type PayoutSum } from '../pools/member-payout-sums';

/** The bill is with WeChat and waits for the person. */
const WAITS: readonly PayoutState[] = ['WAIT_USER'];
/** Somebody asked for the money, and how it ends is not known yet. */
const UNDER_WAY: readonly PayoutState[] = ['PENDING', 'SENDING', 'UNKNOWN', 'MANUAL'];

/**
 * Money that is under way keeps its person: without an openid nothing could be sent, asked or offered again. What was paid stays in the
 * books, with the bills that prove to whom, for as long as the law on accounts wants it.
 */
@Injectable()
export class ForgetPayee implements ErasureHolder, OnModuleInit {
  readonly room = 'payouts';

  constructor(
    private readonly database: Database,
    private readonly holders: ErasureHolders,
    private readonly sums: MemberPayoutSums,
    private readonly agreements: AuthorisationsRepository,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.holders.add(this);
  }

  async losses(numbers: readonly MemberId[]): Promise<ErasureLoss[]> {
    const open = await this.agreements.openNumbers(this.database, numbers);
    return open.length === 0 ? [] : [{ what: 'authorisation', words: '免确认收款会关闭' }];
  }

  async blocks(reader: Reader, numbers: readonly MemberId[]): Promise<ErasureBlock[]> {
    const payouts = await this.sums.of(reader, numbers);
    const waits = yuanOf(payouts, WAITS);
    const underWay = yuanOf(payouts, UNDER_WAY);
    const blocks: ErasureBlock[] = [];
    if (underWay !== null) {
      blocks.push({ what: 'money', words: `有 ${underWay} 元正在到账路上，等它有了结果就可以注销，一般只要几分钟` });
    }
    if (waits !== null) {
      const words = `有 ${waits} 元正在微信里等您确认收款；收下它，或者等满 24 小时它自动退回，就可以注销`;
      blocks.push({ what: 'money', words });
    }
    return blocks;
  }

  /** No new payout uses an agreement from this commit on; the worker tells WeChat until it says CLOSED. */
  async forget(tx: Tx, { numbers }: Erasure): Promise<void> {
    for (const outAuthorizationNo of await this.agreements.openNumbers(tx, numbers)) {
      const row = await this.agreements.find(tx, outAuthorizationNo, true);
      if (!row || row.state === 'CLOSED') continue;
      await this.agreements.change(tx, row, null, { wish: 'close', nextInMs: 0, checks: 0 });
      await this.outbox.append(tx, AdvanceAuthorisation, { outAuthorizationNo });
    }
  }
}

function yuanOf(payouts: readonly PayoutSum[], states: readonly PayoutState[]): string | null {
  const found = payouts.filter(({ state }) => states.includes(state));
  return found.length === 0 ? null : formatYuan(sumFen(found.map(({ amountFen }) => amountFen)));
}
