import { Injectable } from '@nestjs/common';
import { Database } from '@app/database';
import { Defect, Rejected } from '@app/kernel';
import { dealText } from '../../deal';
import type { DealtSegment } from '../../document/campaign-content';
import { periodOf } from '../../document/period';
import { loadVersions } from '../campaigns.repository';
import { readDeals } from './deals.repository';

/** What anybody needs to check a deal: before it is opened the commitment, afterwards the seed too. */
export interface DealProof {
  readonly campaignId: number;
  /** What consumers read; the campaign's own name is HQ's. */
  readonly name: string;
  /** The seeds are opened soon after. */
  readonly endsAt: Date | null;
  readonly deals: readonly DealProofItem[];
  /** How to recompute, in Chinese, step by step. */
  readonly recompute: readonly string[];
}

export interface DealProofItem {
  readonly ruleKey: string;
  readonly ruleName: string;
  readonly segment: DealtSegment;
  readonly prizes: readonly { readonly key: string; readonly name: string; readonly count: number }[];
  /** The table as text, exactly as it was committed to. */
  readonly text: string;
  /** 64 hex characters. */
  readonly commitment: string;
  readonly publishedAt: Date;
  readonly openedAt: Date | null;
  /** 64 hex characters; null until the deal is opened. */
  readonly seed: string | null;
}

const RECOMPUTE: readonly string[] = [
  '承诺值 = SHA-256（种子的 64 位十六进制小写文本 + 换行符 + 奖项表文本）。活动发布时公示承诺值，活动结束后公开种子；任何人都可以重新计算并核对两者一致。',
  '每枚码在码段中的顺位 x = 码序号 − 码段起点（从 0 开始），N = 码段终点 − 码段起点。',
  '把 x 写成 2k 位二进制数，k 是使 4 的 k 次方 ≥ N 的最小正整数；左半 L、右半 R 各 k 位。',
  '做 12 轮（r = 0 … 11）：w = HMAC-SHA256(种子的 32 字节, 1 字节 r ‖ 4 字节大端 R) 的前 4 字节（大端整数）；(L, R) ← (R, L 异或 (w 除以 2 的 k 次方的余数))。',
  '结果 y = L × 2 的 k 次方 + R；如果 y ≥ N，就把 y 当作新的 x 再做一次，直到 y < N。',
  '按奖项表的顺序把各奖项的数量累加，y 落在哪一段，这枚码就是哪个奖项。',
];

/** Reads the proof of a campaign's deals. Never says what a single code holds. */
@Injectable()
export class DealProofs {
  constructor(private readonly database: Database) {}

  /** Throws Rejected `no_campaign` (404) for a campaign that was never published, or not started as yet when it is a burst. */
  async of(campaignId: number): Promise<DealProof> {
    const [campaign] = await this.database.query<{ versionId: number }>(
      `SELECT current_version_id AS versionId FROM campaigns
        WHERE id = ? AND current_version_id IS NOT NULL AND status <> 'armed' AND (lane <> 'burst' OR run_from IS NOT NULL)`,
      [campaignId],
    );
    if (!campaign) throw new Rejected('no_campaign', '没有这个活动', 404);
    const [version] = await loadVersions(this.database, [campaign.versionId]);
    if (!version) throw new Defect(`campaign ${campaignId} names a version that is not there`);
    const { rules, prizes: defined, copy, period } = version.content;
    const nameOf = (key: string) => defined.find((prize) => prize.key === key)?.name ?? key;
    const deals = await readDeals(this.database, campaignId);
    return {
      campaignId,
      name: copy.title,
      endsAt: periodOf(period).to,
      deals: deals.map(({ ruleKey, segment, prizes, commitment, publishedAt, openedAt, seed }) => ({
        ...{ ruleKey, segment, publishedAt, openedAt },
        ruleName: rules.find(({ key }) => key === ruleKey)?.name ?? ruleKey,
        prizes: prizes.map(({ key, count }) => ({ key, name: nameOf(key), count })),
        text: dealText({ segment, prizes }),
        commitment: commitment.toString('hex'),
        seed: seed?.toString('hex') ?? null,
      })),
      recompute: deals.length === 0 ? [] : RECOMPUTE,
    };
  }
}
