import { isSharedCounter } from '../caps';
import type { Award, CampaignStatus, CompiledVersion, DecisionState, Used } from '../decision';
import { NOTHING_USED, SimulatedMember } from './simulated-member';

/** What campaigns have to spend when the replay begins. What is not named starts as the version says: full stock, no limit of money. */
export interface StartOfReplay {
  /** Fen left, by budget id. */
  readonly budgets?: Readonly<Record<string, number>>;
  /** Prizes left, by `campaignId:prizeKey`; null = unlimited. */
  readonly stock?: Readonly<Record<string, number | null>>;
  /** By campaign id; live when not named. */
  readonly status?: Readonly<Record<string, CampaignStatus>>;
}

/** The moving world as the replayed versions would have made it: counters, stock and money after each award. */
export class SimulatedWorld implements DecisionState {
  /** Whose counters `used` reads. */
  member = new SimulatedMember(0);
  readonly campaignIds: readonly number[];
  private readonly members = new Map<number, SimulatedMember>();
  private readonly index: ReadonlyMap<number, number>;
  private readonly counters = new Map<string, { count: number; fen: number }>();
  private readonly stock = new Map<string, number | null>();
  private readonly budgets: Map<number, number>;
  private readonly statuses: ReadonlyMap<number, CampaignStatus>;

  constructor(versions: readonly CompiledVersion[], start: StartOfReplay) {
    this.campaignIds = versions.map(({ campaignId }) => campaignId);
    this.index = new Map(this.campaignIds.map((id, index) => [id, index]));
    this.statuses = new Map(this.campaignIds.map((id) => [id, start.status?.[id] ?? 'live']));
    this.budgets = new Map(Object.entries(start.budgets ?? {}).map(([id, fen]) => [Number(id), fen]));
    for (const { campaignId, content } of versions) {
      for (const prize of content.prizes) {
        const key = `${campaignId}:${prize.key}`;
        const given = start.stock?.[key];
        const own = prize.kind === 'nothing' ? null : prize.stock;
        this.stock.set(key, given === undefined ? own : given);
      }
    }
  }

  memberOf(id: number): SimulatedMember {
    let member = this.members.get(id);
    if (!member) this.members.set(id, (member = new SimulatedMember(id)));
    return member;
  }

  allMembers(): Iterable<SimulatedMember> {
    return this.members.values();
  }

  indexOf(campaignId: number): number {
    return this.index.get(campaignId)!;
  }

  status(campaignId: number): CampaignStatus {
    return this.statuses.get(campaignId) ?? 'ended';
  }

  used(campaignId: number, counterKey: string): Used {
    if (isSharedCounter(counterKey)) return this.counters.get(`${campaignId}|${counterKey}`) ?? NOTHING_USED;
    // A code is used up once, so its own counter is always fresh.
    return counterKey.startsWith('m') ? this.member.used(this.indexOf(campaignId), counterKey) : NOTHING_USED;
  }

  stockLeft(campaignId: number, prizeKey: string): number | null {
    return this.stock.get(`${campaignId}:${prizeKey}`) ?? null;
  }

  budgetLeft(budgetId: number): number {
    return this.budgets.get(budgetId) ?? Number.MAX_SAFE_INTEGER;
  }

  /** Takes an award of `member` from stock, money and counters. Says whether it was the last of its prize. */
  give(award: Award, day: number): { readonly lastOfPrize: boolean } {
    const { campaignId, prizeKey, amountFen, budgetId, counterKeys } = award;
    this.member.use(day, this.indexOf(campaignId));
    for (const key of counterKeys) this.count(campaignId, key, amountFen);
    const left = budgetId === null ? undefined : this.budgets.get(budgetId);
    if (left !== undefined) this.budgets.set(budgetId!, left - amountFen);
    const stock = this.stock.get(`${campaignId}:${prizeKey}`) ?? null;
    if (stock === null) return NOT_LAST;
    this.stock.set(`${campaignId}:${prizeKey}`, stock - 1);
    return stock === 1 ? LAST : NOT_LAST;
  }

  private count(campaignId: number, key: string, fen: number): void {
    if (!isSharedCounter(key)) {
      if (key.startsWith('m')) this.member.count(this.indexOf(campaignId), key, fen);
      return;
    }
    const shared = `${campaignId}|${key}`;
    const counter = this.counters.get(shared);
    if (!counter) return void this.counters.set(shared, { count: 1, fen });
    counter.count += 1;
    counter.fen += fen;
  }
}

const LAST = { lastOfPrize: true };
const NOT_LAST = { lastOfPrize: false };
