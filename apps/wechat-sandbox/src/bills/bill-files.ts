import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { refusal, type Refusal } from '../pay/refusal';
import { businessDay } from '../world/clock';
import type { Store } from '../world/store';
import type { Falsifications } from './falsifications';
import type { FlowRow } from './flow-row';
import { billText, flowsOf } from './fund-flow';

export type Account = 'BASIC' | 'OPERATION' | 'FEES';

export interface BillFile {
  readonly mchId: string;
  readonly day: string;
  readonly account: Account;
  readonly gzip: boolean;
}

const DAY_MS = 86_400_000;
/** The file of a day is made from nine in the morning of the next one. */
const MADE_AFTER_MS = DAY_MS + 9 * 3_600_000;
const MOST_HASHES = 100;
const MONTHS_BACK_MS = 92 * DAY_MS;

/** Writes 资金账单 from the book, as often as they are asked for. Days are those of the pretended clock. */
export class BillFiles {
  private readonly hashes = new Map<string, Promise<string>>();

  constructor(
    private readonly store: Store,
    private readonly falsified: Falsifications,
  ) {}

  /** Why there is no file of that day for that account, or undefined when there is one. */
  missing(file: BillFile): Refusal | undefined {
    const begins = Date.parse(`${file.day}T00:00:00+08:00`);
    if (Number.isNaN(begins) || businessDay(begins) !== file.day) {
      return refusal(400, 'PARAM_ERROR', '账单日期格式错误');
    }
    const now = this.store.now();
    if (begins > now || now - begins > MONTHS_BACK_MS) return refusal(400, 'INVALID_REQUEST', '账单日期不在可下载范围');
    if (now < begins + MADE_AFTER_MS) return refusal(400, 'STATEMENT_CREATING', '账单生成中');
    // All money of this stand-in's merchants lies in their basic accounts.
    if (file.account !== 'BASIC') return refusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在');
    const first = this.falsified.applied(this.rows(file), file.mchId, file.day).next();
    return first.done === true ? refusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在') : undefined;
  }

  text(file: BillFile): Generator<string> {
    return billText(this.rows(file), this.falsified, file.mchId, file.day);
  }

  /** SHA-1 of the file as it is before any compression. A large file takes its time; who asks again finds it done. */
  sha1(file: BillFile): Promise<string> {
    const key = `${file.mchId}|${file.day}|${this.store.world.ledger.entries.length}|${this.falsified.version}`;
    const known = this.hashes.get(key);
    if (known !== undefined) return known;
    if (this.hashes.size >= MOST_HASHES) this.hashes.clear();
    const hash = this.hashed(file);
    this.hashes.set(key, hash);
    return hash;
  }

  private async hashed(file: BillFile): Promise<string> {
    const hash = createHash('sha1');
    for (const piece of this.text(file)) {
      hash.update(piece, 'utf8');
      await breathe();
    }
    const hex = hash.digest('hex');
    return this.falsified.has(file.mchId, file.day, 'hash') ? `00${hex.slice(2)}` : hex;
  }

  private rows({ mchId, day }: BillFile): Generator<FlowRow> {
    return flowsOf(this.store.world, mchId, day);
  }
}
