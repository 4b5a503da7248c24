import { setTimeout as sleep } from 'node:timers/promises';
import type { FrozenRequest, Outcome, PayoutChannel } from '@app/payouts';

export interface Gateway {
  /** Between a request's arrival and its answer. */
  readonly delayMs: number;
  /** `pays`: the answer of a send is that the money arrived. `asks`: it is a package to confirm. */
  readonly answer: 'pays' | 'asks';
  /** Calls that it takes in any one second; more are told "too fast". Infinity: as many as come. */
  readonly perSecond: number;
}

/** A WeChat without wire and keys, which counts: how often it was called, per second, and for which bills twice. */
export class MockGateway implements PayoutChannel {
  readonly name = 'transfer_confirm_v3';
  readonly handsOutPackage: boolean;
  readonly bills = new Map<string, number>();
  tooFast = 0;
  accepted = 0;
  /** Of the last second, by its steady clock: a window that slides, which is stricter than one that jumps. */
  private recent: number[] = [];

  constructor(private readonly gateway: Gateway) {
    this.handsOutPackage = gateway.answer === 'asks';
  }

  prepare({ billNo, mchId, amountFen, openid }: Parameters<PayoutChannel['prepare']>[0]): FrozenRequest {
    const body = {
      ...{ appid: 'wx0123456789abcdef', out_bill_no: billNo, transfer_scene_id: '1000', openid },
      ...{ transfer_amount: amountFen, transfer_remark: '扫码有礼活动奖励', notify_url: 'https://q.example.cn/notify' },
    };
    return { channel: this.name, mchId, billNo, amountFen, openid, body };
  }

  async send({ billNo }: FrozenRequest): Promise<Outcome> {
    if (!this.admits()) {
      this.tooFast++;
      return outcome({ kind: 'retry_same_id', why: 'FREQUENCY_LIMITED', when: 'soon' }, true);
    }
    this.accepted++;
    this.bills.set(billNo, (this.bills.get(billNo) ?? 0) + 1);
    await sleep(this.gateway.delayMs);
    if (this.gateway.answer === 'pays') return outcome({ kind: 'succeeded' });
    return outcome({ kind: 'wait_user', package: `package-${billNo}`, expiresAt: null });
  }

  async query(): Promise<Outcome> {
    await sleep(this.gateway.delayMs);
    return outcome({ kind: 'in_flight' });
  }

  private admits(): boolean {
    const { perSecond } = this.gateway;
    if (perSecond === Infinity) return true;
    const now = performance.now();
    this.recent = this.recent.filter((at) => at > now - 1_000);
    if (this.recent.length >= perSecond) return false;
    this.recent.push(now);
    return true;
  }
}

const REPLY = '{"out_bill_no":"…","transfer_bill_no":"1330000071100999991182020050700019480001","state":"SUCCESS"}';

function outcome(meaning: Outcome['meaning'], notAccepted = false): Outcome {
  return { meaning, evidence: REPLY, notAccepted, providerNo: '1330000071100999991182020050700019480001' };
}
