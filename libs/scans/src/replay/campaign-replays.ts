import { Injectable } from '@nestjs/common';
import {
  CampaignCatalog,
  CampaignList,
  readCampaignStates,
  validateCampaign,
  hashCampaign,
  type CampaignContent,
  type CompiledVersion,
  type Difference,
  type ReplayResult,
  type StartOfReplay,
} from '@app/campaigns';
import { CodeBook, formatCode } from '@app/codes';
import { databaseNow, UnitOfWork, type Tx } from '@app/database';
import { Outbox } from '@app/jobs';
import {
  addDays,
  checkLimit,
  readCursor,
  Rejected,
  shanghaiDay,
  shanghaiDayStart,
  writeCursor,
  type Page,
  type PageRequest,
} from '@app/kernel';
import { Budgets } from '@app/payouts';
import { regionWords } from '@app/regions';
import { AuditLog } from '@app/staff';
import { ReplayCampaign } from './replay-jobs';
import { ReplaysRepository, type ReplayItem } from './replays.repository';
import { checkMadeUpScans, syntheticShape, type MadeUpScans } from './synthetic-shape';

export const MAX_REPLAY_DAYS = 90;
const MAX_UNFINISHED = 10;

export interface StartReplay {
  readonly campaignId: number;
  /** The recorded scans of so many Shanghai days up to now, today included: 1 … 90. Exactly one of `days` and `synthetic` is given. */
  readonly days?: number | undefined;
  /** Made-up scans of the goods that the draft is about, for a brand without history. */
  readonly synthetic?: MadeUpScans | undefined;
  /** Beside the other campaigns in force; false = the draft alone, instead of everything. */
  readonly together: boolean;
  readonly by: number | null;
}

/** How many days it goes over: of recorded scans, or of made-up ones. */
function checkedDays({ days, synthetic }: Pick<StartReplay, 'days' | 'synthetic'>): number {
  if ((days === undefined) === (synthetic === undefined)) {
    throw new Rejected('days_or_synthetic', '要么回放最近几天的扫码，要么用模拟的扫码，二选一', 422);
  }
  const asked = synthetic?.days ?? days!;
  if (!Number.isInteger(asked) || asked < 1 || asked > MAX_REPLAY_DAYS) {
    throw new Rejected('bad_days', `可以回放 1 到 ${MAX_REPLAY_DAYS} 天`, 422);
  }
  return asked;
}

/** A result whose scans are named as people name them. */
export type ShownResult = Omit<ReplayResult, 'differences'> & {
  readonly differences: readonly (Omit<Difference, 'batch' | 'layer' | 'serial'> & {
    /** Null when the scan was made up: a code that nobody scanned is not told. */
    readonly code: string | null;
    readonly place: string;
  })[];
};

/** Replays as HQ asks for them, watches them and stops them. */
@Injectable()
export class CampaignReplays {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly replays: ReplaysRepository,
    private readonly campaigns: CampaignList,
    private readonly catalog: CampaignCatalog,
    private readonly budgets: Budgets,
    private readonly codeBook: CodeBook,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Asks for a replay of the draft as it is now (of the version in force when there is no draft), with the stock and money there is now.
   * Rejected: `days_or_synthetic`, `bad_days`, `bad_shape` and `draft_has_errors` (422), `no_campaign` (404), `nothing_to_replay`,
   * `no_goods` and `replay_running` (409) and `too_many_replays` (429).
   */
  async start({ campaignId, together, by, ...over }: StartReplay): Promise<{ id: number }> {
    const days = checkedDays(over);
    if (over.synthetic) checkMadeUpScans(over.synthetic);
    const draft = await this.draftOf(campaignId);
    // A burst runs for hours, a replay goes over days: one that happens to run now would be asked first in all of them.
    const beside = (await this.catalog.live()).filter((one) => one.campaignId !== campaignId && one.lane !== 'burst');
    const others = together ? beside : [];
    return this.unitOfWork.run(async (tx) => {
      await this.refuseWhenBusy(tx, campaignId);
      const now = await databaseNow(tx);
      const firstDay = addDays(shanghaiDay(now), 1 - days);
      const start = await this.startOf(tx, campaignId, draft, others, now);
      const synthetic = over.synthetic ? await syntheticShape(tx, over.synthetic, draft, firstDay) : null;
      const [from, to] = [shanghaiDayStart(firstDay), synthetic ? shanghaiDayStart(addDays(firstDay, days)) : now];
      const order = {
        ...{ campaignId, draft, draftHash: hashCampaign(draft), start, synthetic, days, from, to },
        others: others.map(({ versionId }) => versionId),
      };
      const id = await this.replays.insert(tx, order, by);
      await this.outbox.append(tx, ReplayCampaign, { replayId: id });
      const after = { replayId: id, days, synthetic: synthetic !== null, together, draftHash: order.draftHash };
      await this.audit.append(tx, { actorId: by, act: 'scans.replay', object: `campaign:${campaignId}`, after });
      return { id };
    });
  }

  async list(campaignId: number, page: PageRequest): Promise<Page<ReplayItem>> {
    const limit = checkLimit(page.limit);
    const before = page.cursor ? Number(readCursor(page.cursor, 1)[0]) : 2 ** 32;
    const rows = await this.replays.page(campaignId, limit + 1, before);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? writeCursor([items.at(-1)!.id]) : null };
  }

  /** Rejected `no_replay` (404). */
  async one(campaignId: number, id: number): Promise<ReplayItem & { result: ReplayResult | null }> {
    const found = await this.replays.find(campaignId, id);
    if (!found) throw new Rejected('no_replay', '没有这次回放', 404);
    return found;
  }

  /** As HQ sees it: the scans that differ are named by their codes' text. Serials are a right of their own and are not told. */
  async shown(campaignId: number, id: number): Promise<ReplayItem & { result: ShownResult | null }> {
    const { result, ...item } = await this.one(campaignId, id);
    if (result === null) return { ...item, result };
    const differences = result.differences.map(({ batch, layer, serial, ...difference }) => ({
      ...difference,
      code: item.synthetic ? null : formatCode(this.codeBook.encode({ batch, layer, serial })),
      place: difference.adcode === 0 ? '地点未知' : regionWords(difference.adcode),
    }));
    return { ...item, result: { ...result, differences } };
  }

  /** `changed` is false when it was over already. Rejected `no_replay` (404). A running one stops within a second or two. */
  async cancel(campaignId: number, id: number, by: number | null): Promise<{ changed: boolean }> {
    await this.one(campaignId, id);
    return this.unitOfWork.run(async (tx) => {
      const changed = await this.replays.cancel(tx, campaignId, id);
      const entry = {
        actorId: by,
        act: 'scans.cancel-replay',
        object: `campaign:${campaignId}`,
        after: { replayId: id },
      };
      if (changed) await this.audit.append(tx, entry);
      return { changed };
    });
  }

  private async draftOf(campaignId: number): Promise<CampaignContent> {
    const { draft, inForce } = await this.campaigns.detail(campaignId);
    const content = draft ?? inForce?.content;
    if (!content) throw new Rejected('nothing_to_replay', '活动还没有内容，先保存草稿', 409);
    const check = validateCampaign(content);
    if (!check.ok) throw new Rejected('draft_has_errors', '草稿还有错误，改正后才能回放', 422, check.findings);
    return check.content;
  }

  /** The campaign's row is locked, so of two who ask at once one is refused. */
  private async refuseWhenBusy(tx: Tx, campaignId: number): Promise<void> {
    await tx.query('SELECT id FROM campaigns WHERE id = ? FOR UPDATE', [campaignId]);
    const { mine, all } = await this.replays.unfinished(tx, campaignId);
    if (mine > 0) throw new Rejected('replay_running', '这个活动已有一次回放在进行，先等它结束或取消', 409);
    if (all >= MAX_UNFINISHED) throw new Rejected('too_many_replays', '排队的回放太多，请稍后再试', 429);
  }

  /** Stock and money as they are now: what the draft would have to live on. */
  private async startOf(
    tx: Tx,
    campaignId: number,
    draft: CampaignContent,
    others: readonly CompiledVersion[],
    now: Date,
  ): Promise<StartOfReplay> {
    const budgetIds = [draft, ...others.map(({ content }) => content)].flatMap(({ budgetId }) => budgetId ?? []);
    const budgets = await this.budgets.left(tx, [...new Set(budgetIds)]);
    const states = await readCampaignStates(tx, [campaignId, ...others.map((one) => one.campaignId)], now);
    const { stock: issued } = await this.campaigns.detail(campaignId);
    const own = draft.prizes.flatMap((prize): [string, number | null][] => {
      if (prize.kind === 'nothing' || prize.stock === null) return [];
      const gone = issued.find(({ prizeKey }) => prizeKey === prize.key)?.issued ?? 0;
      return [[`${campaignId}:${prize.key}`, Math.max(0, prize.stock - gone)]];
    });
    const theirs = others.flatMap((other) =>
      other.content.prizes.flatMap(({ kind, key }): [string, number | null][] =>
        kind === 'nothing' ? [] : [[`${other.campaignId}:${key}`, states.stockLeft(other.campaignId, key)]],
      ),
    );
    return {
      budgets: Object.fromEntries(budgetIds.map((id) => [id, budgets.get(id) ?? 0])),
      stock: Object.fromEntries([...own, ...theirs]),
      status: Object.fromEntries(others.map((other) => [other.campaignId, states.status(other.campaignId)])),
    };
  }
}
