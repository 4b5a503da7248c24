import { Injectable } from '@nestjs/common';
import { Database, textOf, UnitOfWork } from '@app/database';
import { memberId, type MemberId } from '@app/kernel';
import { AwardIds, CreateCouponPool, Fulfilment, GiveAddress, ImportCoupons, type Address } from '@app/rewards';
import { AnswerComplaint, OpenComplaint, type ComplaintKind } from '@app/service';
import type { Operator } from '@app/staff';

const HOUR_MS = 3_600_000;

/** Addresses of invented people: numbers of a range that nobody is given. */
const ADDRESSES: readonly Address[] = [
  { name: '林小禾', phone: '13800000001', adcode: 340104, detail: '望江西路 100 号 3 栋 1201' },
  { name: '周青', phone: '13800000002', adcode: 320106, detail: '汉口西路 22 号 501 室' },
  { name: '陈一鸣', phone: '13800000003', adcode: 440305, detail: '科技园南区 8 栋 1602' },
  { name: '王晓岚', phone: '13800000004', adcode: 510104, detail: '春熙路 18 号 2 单元 903' },
  { name: '许知遥', phone: '13800000005', adcode: 340111, detail: '徽州大道 66 号 7 栋 405' },
  { name: '何时', phone: '13800000006', adcode: 320102, detail: '中山东路 9 号 11 楼' },
];
const TAKEN = 3;
const CARRIERS = ['顺丰', '中通'] as const;

interface Story {
  readonly kind: ComplaintKind;
  readonly text: string;
  readonly reply?: string;
  readonly closed?: true;
}

const COMPLAINTS: readonly Story[] = [
  { kind: 'money', text: '中午点了收款，微信说已经领过，零钱里没看到这一笔，麻烦查一下。' },
  { kind: 'product', text: '这瓶白桃开盖的时候没有气了，口味也淡，是放太久了吗？' },
  { kind: 'code', text: '楼下小店买的，扫出来说还没登记上市，店里一整箱都是这样。' },
  {
    kind: 'money',
    text: '红包显示处理中，已经两天了。',
    reply: '查到了：微信那边当天维护，这一笔今天上午已经到您的零钱，麻烦您看一下账单。',
  },
  {
    kind: 'prize',
    text: '随行杯的地址填错了门牌号，还能改吗？',
    reply: '还没配货，您在「我的钱包」里点开这份奖品，就能改地址。',
    closed: true,
  },
];

interface Won {
  batch: number;
  layer: number;
  serial: number;
  slot: number;
  member: string;
}

/** What the service desk finds on its first morning: complaints, parcels to send, a coupon pool that runs low. Through the real use cases. */
@Injectable()
export class DemoService {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly awardIds: AwardIds,
    private readonly giveAddress: GiveAddress,
    private readonly fulfilment: Fulfilment,
    private readonly openComplaint: OpenComplaint,
    private readonly answerComplaint: AnswerComplaint,
    private readonly createPool: CreateCouponPool,
    private readonly importCoupons: ImportCoupons,
  ) {}

  async run({ owner, service }: { owner: number; service: number }): Promise<void> {
    await this.complaints(service);
    await this.orders(owner);
    await this.coupons(owner);
  }

  private async complaints(service: number): Promise<void> {
    const scans = await this.database.query<{ member: string; scanId: Buffer; at: Date }>(
      `SELECT member_id AS member, scan_id AS scanId, at FROM scans WHERE amount_fen > 0
        ORDER BY at DESC, member_id DESC, scan_id DESC LIMIT ${COMPLAINTS.length}`,
    );
    for (const [index, { kind, text, reply, closed }] of COMPLAINTS.entries()) {
      const scan = scans[index];
      if (!scan) return;
      const scanId = textOf(scan.scanId);
      const asked = { requestId: `demo-complaint-${index}`, kind, text, scanId };
      const { id } = await this.openComplaint.run(memberId(scan.member), { ...asked, at: later(scan.at, 1) });
      if (reply) await this.answerComplaint.reply(service, id, reply, later(scan.at, 2));
      if (closed) await this.answerComplaint.close(service, id);
    }
  }

  /** Winners of goods told where to; the oldest of them were sent, one is being packed, the rest wait. */
  private async orders(owner: number): Promise<void> {
    const won = await this.database.query<Won>(
      `SELECT batch_id AS batch, layer, serial, slot, member_id AS member FROM awards WHERE prize_kind = 'goods'
        ORDER BY won_at DESC LIMIT ${ADDRESSES.length}`,
    );
    const orders: string[] = [];
    for (const [index, award] of won.entries()) orders.push(await this.address(award, ADDRESSES[index]!));
    if (orders.length <= TAKEN) return;
    const operator: Operator = { id: owner, login: 'qinghe', name: '青禾总部', roles: ['owner'], distributorId: null };
    await this.fulfilment.take(operator, TAKEN);
    const sent = orders.slice(0, TAKEN - 1).map((orderNo, index) => ({
      line: index + 1,
      said: { orderNo, carrier: CARRIERS[index % 2]!, trackingNo: `DEMO2026${String(index + 1).padStart(6, '0')}` },
    }));
    await this.fulfilment.record(operator, sent);
  }

  private async address({ member, slot, ...code }: Won, address: Address): Promise<string> {
    const awardId = this.awardIds.make(code, slot);
    await this.giveAddress.run(memberId(member) as MemberId, awardId, address);
    return awardId;
  }

  private async coupons(owner: number): Promise<void> {
    const pool = { name: '视频会员周卡', lowMark: 50, by: owner };
    const poolId = await this.unitOfWork.run((tx) => this.createPool.run(tx, pool));
    const lines = Array.from({ length: 36 }, (_, index) => `DEMO-VIP-${String(index + 1).padStart(4, '0')}`);
    await this.importCoupons.run({ poolId, importKey: 'demo-import-1', lines, by: owner });
  }
}

/** Some hours after, but never ahead of now. */
function later(at: Date, hours: number): Date {
  return new Date(Math.min(at.getTime() + hours * HOUR_MS, Date.now() - 1000));
}
