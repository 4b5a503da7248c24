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

interface SimulatedCampaign {
  /** Its place among the replayed ones. */
  readonly index: number;
  readonly status: CampaignStatus;
  /** Shared counters by their keys. */
  readonly counters: Map<string, { count: number; fen: number }>;
  /** By prize key; null = unlimited. */
  readonly stock: Map<string, number | null>;
}

/** The moving world as the replayed versions would have made it: counters, stock and money after each award. */
export class SimulatedWorld implements DecisionState {
  /** Whose counters `used` reads. */
  member = new SimulatedMember(0);
  readonly campaignIds: readonly number[];
  private readonly members = new Map<number, SimulatedMember>();
  private readonly campaigns = new Map<number, SimulatedCampaign>();
  private readonly budgets: Map<number, number>;

  constructor(versions: readonly CompiledVersion[], start: StartOfReplay) {
    this.campaignIds = versions.map(({ campaignId }) => campaignId);
    this.budgets = new Map(Object.entries(start.budgets ?? {}).map(([id, fen]) => [Number(id), fen]));
    versions.forEach(({ campaignId, content }, index) => {
      const status = start.status?.[campaignId] ?? 'live';
      const stock = content.prizes.map((prize): [string, number | null] => {
        const given = start.stock?.[`${campaignId}:${prize.key}`];
        const own = prize.kind === 'nothing' ? null : prize.stock;
        return [prize.key, given === undefined ? own : given];
      });
      this.campaigns.set(campaignId, { index, status, counters: new Map(), stock: new Map(stock) });
    });
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
    return this.campaigns.get(campaignId)!.index;
  }

  status(campaignId: number): CampaignStatus {
    return this.campaigns.get(campaignId)?.status ?? 'ended';
  }

  used(campaignId: number, counterKey: string): Used {
    const { index, counters } = this.campaigns.get(campaignId)!;
    if (isSharedCounter(counterKey)) return counters.get(counterKey) ?? NOTHING_USED;
    // A code is used up once, so its own counter is always fresh.
    return counterKey[0] === 'm' ? this.member.used(index, counterKey) : NOTHING_USED;
  }

  stockLeft(campaignId: number, prizeKey: string): number | null {
    return this.campaigns.get(campaignId)?.stock.get(prizeKey) ?? null;
  }

  budgetLeft(budgetId: number): number {
    return this.budgets.get(budgetId) ?? Number.MAX_SAFE_INTEGER;
  }

  /** Takes an award of `member` from stock, money and counters. Says whether it was the last of its prize. */
  give(award: Award, day: number): { readonly lastOfPrize: boolean } {
    const { campaignId, prizeKey, amountFen, budgetId, counterKeys } = award;
    const campaign = this.campaigns.get(campaignId)!;
    this.member.use(day, campaign.index);
    for (const key of counterKeys) this.count(campaign, key, amountFen);
    const left = budgetId === null ? undefined : this.budgets.get(budgetId);
    if (left !== undefined) this.budgets.set(budgetId!, left - amountFen);
    const stock = campaign.stock.get(prizeKey) ?? null;
    if (stock === null) return NOT_LAST;
    campaign.stock.set(prizeKey, stock - 1);
    return stock === 1 ? LAST : NOT_LAST;
  }

  private count({ index, counters }: SimulatedCampaign, key: string, fen: number): void {
    if (!isSharedCounter(key)) {
      if (key[0] === 'm') this.member.count(index, key, fen);
      return;
    }
    const counter = counters.get(key);
    if (!counter) return void counters.set(key, { count: 1, fen });
    counter.count += 1;
    counter.fen += fen;
  }
}

const LAST = { lastOfPrize: true };
const NOT_LAST = { lastOfPrize: false };
