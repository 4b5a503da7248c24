import { randomBytes } from 'node:crypto';
import { CONFIG, type Config } from '@app/config';
import { blindIndex, sealedAt, Sealer, textOf } from '@app/database';
import { crockford, shanghaiDayStart, type Fen } from '@app/kernel';
import { openTestSandbox, type TestDatabase, type TestSandbox } from '@app/testing';
import type { ChannelName } from '../channels/payout-channel';
import { freezeRequest } from '../driving/bills';
import { openPayouts, QUICK, type PayoutsRig } from '../driving/payouts-rig.contract';
import type { PayoutState } from '../payout-state';
import { ReconcileDay } from './reconcile-day';
import { ReconciliationRuns } from './reconciliation-runs.repository';
import { ReconciliationViews, type RunItem } from './reconciliation-views';

/** A payout with its bill, written as the driving of payouts would have left it, and the same bill at WeChat. */
export interface Planted {
  readonly billNo: string;
  readonly payoutKey: string;
  readonly amountFen: number;
}

export interface PlantWish {
  readonly state?: PayoutState;
  readonly channel?: ChannelName;
  readonly amountFen?: number;
  /** Beijing time of day, on both sides. */
  readonly at?: string;
  /** State at WeChat; null: WeChat has no such bill. */
  readonly there?: string | null;
  /** Another person's openid at WeChat. */
  readonly thereOpenid?: string;
  readonly settledDay?: string;
  readonly thereDay?: string;
  /** The payout is at its second offer by now. */
  readonly laterOffer?: boolean;
}

/** The library against the stand-in WeChat, with a merchant account of its own so that no other test's payouts are in the way. */
export interface ReconcileRig {
  readonly sandbox: TestSandbox;
  readonly payouts: PayoutsRig;
  readonly mchId: string;
  readonly openid: string;
  plant(day: string, wishes: readonly PlantWish[]): Promise<Planted[]>;
  falsify(day: string, falsify: readonly object[]): Promise<void>;
  truth(): Promise<void>;
  /** Goes through a day as the worker would. */
  run(day: string): Promise<RunItem>;
  /** Open differences of the merchant as `kind billNo`, sorted. */
  open(): Promise<string[]>;
  incidents(): Promise<string[]>;
  /** Sum of an account of the ledger, `%` allowed. */
  account(like: string): Promise<number>;
  close(): Promise<void>;
}

export async function openReconciliation(
  db: TestDatabase,
  channel: ChannelName = 'transfer_confirm_v3',
  wechatTimeoutMs = 3_000,
): Promise<ReconcileRig> {
  const mchId = `16${String(randomBytes(4).readUInt32BE(0) % 100_000_000).padStart(8, '0')}`;
  const sandbox = await openTestSandbox({ mchId });
  const base = sandbox.config({ waitsChange: { ...QUICK, wechatTimeoutMs } });
  const merchants = base.wechat.merchants.map((one) => ({ ...one, channels: [channel] }));
  const config = { ...base, wechat: { ...base.wechat, merchants } };
  const payouts = await openPayouts(db, { config, realChannels: true });
  const openid = await sandbox.addUser('reconciled');
  const owner = db.asOwner;
  const strings = async (sql: string, values: readonly unknown[]): Promise<string[]> => {
    const rows = await owner.query<{ name: Buffer | string }[]>(sql, [...values]);
    return rows.map(({ name }) => textOf(name)).sort();
  };
  return {
    ...{ sandbox, payouts, mchId, openid },
    plant: async (day, wishes) => {
      const planted = wishes.map((wish) => ({ ...wish, ...numbers(), amountFen: wish.amountFen ?? 188 }));
      for (let from = 0; from < planted.length; from += 500) {
        await plantRows(db, payouts, { mchId, day, openid }, planted.slice(from, from + 500));
      }
      const bills = planted
        .filter(({ there }) => there !== null)
        .map((one) => historyBill(one, { mchId, day, openid }));
      for (let from = 0; from < bills.length; from += 5_000) {
        await sandbox.admin('POST', '/history', { bills: bills.slice(from, from + 5_000) });
      }
      return planted;
    },
    falsify: async (day, falsify) => void (await sandbox.admin('POST', `/bills/${mchId}/${day}`, { falsify })),
    truth: async () => void (await sandbox.admin('DELETE', '/bills')),
    run: async (day) => {
      const runs = payouts.get(ReconciliationRuns);
      const key = { mchId, day };
      await payouts.unitOfWork.run(async (tx) => (await runs.add(tx, key, null)) || runs.again(tx, key, null));
      // Other days of this merchant that wait for their turn are none of this call's business.
      const claimed = await payouts.unitOfWork.run(async (tx) => {
        await tx.execute(
          "UPDATE reconciliation_runs SET state = 'running', step = 'fetch', run_no = run_no + 1, started_at = UTC_TIMESTAMP(6), tries = 1, next_at = UTC_TIMESTAMP(6) + INTERVAL 60 SECOND WHERE mch_id = ? AND day = ?",
          [mchId, day],
        );
        const [row] = await tx.query<{ run_no: number }>(
          'SELECT run_no FROM reconciliation_runs WHERE mch_id = ? AND day = ?',
          [mchId, day],
        );
        return { ...key, runNo: row!.run_no, tries: 1 };
      });
      await payouts.get(ReconcileDay).run(claimed);
      return payouts.get(ReconciliationViews).one(key);
    },
    open: () =>
      strings(
        "SELECT CONCAT(kind, ' ', bill_no) AS name FROM reconciliation_differences WHERE mch_id = ? AND gone_at IS NULL",
        [mchId],
      ),
    incidents: () =>
      strings(
        `SELECT CONCAT(kind, ' ', COALESCE(bill_no, '')) AS name FROM payout_incidents
         WHERE detail LIKE ? AND resolved_at IS NULL`,
        [`商户 ${mchId}，%`],
      ),
    account: async (like) => {
      const [row] = await owner.query<{ fen: string | null }[]>(
        'SELECT SUM(amount_fen) AS fen FROM ledger_legs WHERE account LIKE ?',
        [like],
      );
      return Number(row?.fen ?? 0);
    },
    close: async () => {
      await payouts.close();
      await sandbox.stop();
    },
  };
}

type Numbered = PlantWish & Planted;

function numbers(): { billNo: string; payoutKey: string } {
  const random = randomBytes(16);
  return { billNo: `Y${crockford(random, 25)}`, payoutKey: `r${random.toString('hex')}` };
}

interface Where {
  readonly mchId: string;
  readonly day: string;
  readonly openid: string;
}

async function plantRows(db: TestDatabase, rig: PayoutsRig, where: Where, bills: readonly Numbered[]): Promise<void> {
  const { mchId, openid } = where;
  const blind = blindIndex(configOf(rig).keys.blindIndex, `openid:${openid}`);
  const sealer = Sealer.fromConfig(configOf(rig));
  const payouts: unknown[][] = [];
  const rows: unknown[][] = [];
  for (const { billNo, payoutKey, amountFen, state = 'SETTLED', channel = 'transfer_confirm_v3', ...wish } of bills) {
    const at = instant(wish.settledDay ?? where.day, wish.at);
    const born = instant(where.day, wish.thereDay === undefined ? wish.at : '00:00:00');
    const settledAt = state === 'SETTLED' || state === 'REFUNDED' ? at : null;
    const [offer, current] = [1, wish.laterOffer ? 2 : 1];
    const body = { out_bill_no: billNo, appid: configOf(rig).wechat.appId, transfer_amount: amountFen };
    const { text, hash } = freezeRequest({ channel, mchId, billNo, amountFen: amountFen as Fen, openid, body });
    payouts.push([
      ...[payoutKey, 1, 1, 1, 1, amountFen, channel, mchId, wish.laterOffer ? 'PENDING' : state, current, 1, 1],
      ...[wish.laterOffer ? null : billNo, born, born, at, settledAt],
    ]);
    rows.push([
      billNo,
      payoutKey,
      offer,
      channel,
      mchId,
      amountFen,
      blind,
      sealer.seal(text, sealedAt('payout_bills', 'request_sealed', billNo)),
      hash,
      born,
    ]);
  }
  await db.asOwner.query(
    `INSERT INTO payouts (payout_key, member_id, campaign_id, version_id, budget_id, amount_fen, channel, mch_id, state, offer_no,
       attempt_no, move_no, bill_no, offered_at, created_at, updated_at, settled_at) VALUES ${payouts.map(() => '(?)').join(',')}`,
    payouts,
  );
  await db.asOwner.query(
    `INSERT INTO payout_bills (bill_no, payout_key, offer_no, channel, mch_id, amount_fen, payee_blind, request_sealed, request_hash,
       created_at) VALUES ${rows.map(() => '(?)').join(',')}`,
    rows,
  );
}

function configOf(rig: PayoutsRig): Config {
  return rig.app.get<Config>(CONFIG, { strict: false });
}

function historyBill({ billNo, amountFen, channel, there, ...wish }: Numbered, { mchId, day, openid }: Where): object {
  const at = instant(wish.thereDay ?? day, wish.at).toISOString();
  const redpack = channel === 'redpack_v2';
  return {
    ...{
      channel: redpack ? 'redpack' : 'transfer',
      outBillNo: billNo,
      mchId,
      openid: wish.thereOpenid ?? openid,
      amountFen,
    },
    ...{ state: there ?? (redpack ? 'RECEIVED' : 'SUCCESS'), createdAt: at, updatedAt: at },
  };
}

function instant(day: string, at = '12:00:00'): Date {
  const [hours = 0, minutes = 0, seconds = 0] = at.split(':').map(Number);
  return new Date(shanghaiDayStart(day).getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1_000);
}
