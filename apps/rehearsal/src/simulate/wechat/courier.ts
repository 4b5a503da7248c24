import type { NotifyVerdict } from '@app/wechat';
import type { Chance } from '../time/chance';
import type { Schedule } from '../time/schedule';
import { WORLD } from '../time/schedule';
import type { Platform, WechatBill } from './platform';

/** A callback as it is delivered; `signed` stands for a signature that holds. */
export interface Letter {
  readonly signed: boolean;
  /** It is wrong, and whoever takes it is wrong too. */
  readonly wrong?: true;
  /** It says the opposite of what was said before. */
  readonly contradicts?: true;
  readonly mchId: string;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** In place of `NotifyVerifier`: believes what is marked as signed. */
export class SimulatedVerifier {
  verifyNotify(_headers: unknown, rawBody: Buffer): NotifyVerdict {
    const letter = JSON.parse(rawBody.toString('utf8')) as Letter;
    if (!letter.signed) return { kind: 'refused', reason: 'bad_signature' };
    const { mchId, resource } = letter;
    return { kind: 'genuine', id: 'letter', eventType: 'MCHTRANSFER.BILL.FINISHED', mchId, resource };
  }
}

/** How callbacks of this seed behave. */
export interface CourierManners {
  /** How often the first delivery never comes, and how often a letter comes more than once. */
  readonly lost: number;
  readonly repeated: number;
  readonly slowMs: number;
}

/** Waits before a letter that was not taken comes again. */
const AGAIN_MS = [3_000, 8_000, 20_000, 40_000];
const MOST_COPIES = 4;

/** Tells merchants how transfers ended: late, often, out of order, or not at all. */
export class Courier {
  /** Nothing is delivered, as when our door is shut. */
  mute = false;
  /** Letters that will still be delivered. */
  underWay = 0;
  /** Called with each letter that was taken. */
  taken: (bill: WechatBill, letter: Letter) => void = () => undefined;

  constructor(
    private readonly schedule: Schedule,
    private readonly chance: Chance,
    private readonly manners: CourierManners,
    private readonly platform: () => Platform,
    private readonly deliver: (body: Buffer) => Promise<number | null>,
  ) {}

  /** A transfer has ended. Packets have no callbacks. */
  ended(bill: WechatBill): void {
    if (bill.kind === 'packet') return;
    const { lost, repeated, slowMs } = this.manners;
    const copies = this.chance.happens(repeated) ? this.chance.whole(2, MOST_COPIES) : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (copy === 0 && this.chance.happens(lost)) continue;
      this.send(bill, letterOf(bill, this.platform()), this.chance.span(1, slowMs));
    }
  }

  /** A letter with a content of its own: forged, wrong, or contradicting another. */
  send(bill: WechatBill, letter: Letter, inMs: number, tries = 0): void {
    this.underWay++;
    this.schedule.later(inMs, () => {
      const work = async (): Promise<void> => {
        const status = this.mute ? null : await this.deliver(Buffer.from(JSON.stringify(letter)));
        this.underWay--;
        if (status === 200) this.taken(bill, letter);
        else this.again(bill, letter, tries);
      };
      this.schedule.start(WORLD, 'callback', work, () => undefined);
    });
  }

  private again(bill: WechatBill, letter: Letter, tries: number): void {
    const wait = AGAIN_MS[tries];
    if (wait !== undefined) this.send(bill, letter, wait, tries + 1);
  }
}

/** What the callback about this bill says when nothing is wrong with it. */
export function letterOf(bill: WechatBill, platform: Platform): Letter {
  const { state, why } = platform.standing(bill);
  return {
    signed: true,
    mchId: bill.mchId,
    resource: {
      out_bill_no: bill.billNo,
      transfer_bill_no: `1330${bill.billNo}`,
      state,
      mch_id: bill.mchId,
      transfer_amount: bill.fen,
      openid: bill.openid,
      ...(why === null ? {} : { fail_reason: why }),
    },
  };
}
