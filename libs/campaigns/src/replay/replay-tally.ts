import type { Award, CompiledVersion, Decision } from '../decision';
import type { Cap } from '../document/campaign-content';
import type { Breach, Compared, Difference, Figures, PrizeFigures, ReplayResult } from './replay-result';
import type { SimulatedMember } from './simulated-member';

const DAY_MS = 86_400_000;
const DIFFERENCES = 10;
const PROVINCES = 100;

type Cell = { -readonly [K in keyof Compared]: Compared[K] };
type Outcome = Decision | { readonly kind: 'repeat' } | { readonly kind: 'held' };

/** What ran out or was full, with milliseconds since 1970. */
interface Breached {
  readonly what: Pick<Breach, 'kind' | 'campaignId' | 'cap' | 'prizeKey'>;
  readonly firstAt: number;
  lastAt: number;
  times: number;
}

/** One scan as it was replayed. */
export interface Replayed {
  readonly at: number;
  readonly day: number;
  readonly adcode: number;
  readonly member: SimulatedMember;
  readonly batch: number;
  readonly layer: number;
  readonly serial: number;
  readonly outcome: Outcome;
  readonly realCounted: boolean;
  readonly realWon: boolean;
  readonly realFen: number;
}

/** Adds up a replay. Everything is kept per day and province, so memory does not grow with scans. */
export class ReplayTally {
  private scans = 0;
  private first: number | null = null;
  private last = 0;
  private readonly cells = new Map<number, Cell>();
  /** By campaign, then by prize key. */
  private readonly prizes = new Map<number, Map<string, { -readonly [K in keyof PrizeFigures]: PrizeFigures[K] }>>();
  private readonly refusals = new Map<string, number>();
  /** By campaign, then by the cap itself or a word for what else ran out. */
  private readonly breaches = new Map<number, Map<Cap | string, Breached>>();
  private readonly replayed = { awards: 0, wins: 0, fen: 0 };
  private readonly real = { awards: 0, wins: 0, fen: 0 };
  private differences: { by: number; difference: Difference }[] = [];
  private least = 0;

  add(scan: Replayed): void {
    const { outcome, realWon, realFen, member } = scan;
    this.scans += 1;
    this.first ??= scan.at;
    this.last = scan.at;
    const award = outcome.kind === 'award' ? outcome : null;
    const won = award !== null && award.prize.kind !== 'nothing';
    const fen = award?.amountFen ?? 0;
    const cell = this.cell(scan.day, Math.floor(scan.adcode / 10_000));
    cell.scans += 1;
    cell.wins += won ? 1 : 0;
    cell.fen += fen;
    cell.realWins += realWon ? 1 : 0;
    cell.realFen += realFen;
    cell.gained += won && !realWon ? 1 : 0;
    cell.lost += realWon && !won ? 1 : 0;
    this.real.awards += scan.realCounted ? 1 : 0;
    this.replayed.awards += award ? 1 : 0;
    member.won ||= won;
    member.reallyWon ||= realWon;
    if (outcome.kind === 'award') this.addPrize(outcome);
    else this.addRefusal(outcome, scan.at);
    if (Math.abs(fen - realFen) > this.least) this.differ(scan, fen);
  }

  /** The last prize of its stock went. */
  soldOut({ campaignId, prizeKey }: Award, at: number): void {
    this.breach(`stock:${prizeKey}`, { kind: 'stock', campaignId, cap: null, prizeKey }, at);
  }

  result(versions: readonly CompiledVersion[], members: Iterable<SimulatedMember>): ReplayResult {
    let [winners, realWinners, gainedMembers, lostMembers] = [0, 0, 0, 0];
    for (const { won, reallyWon } of members) {
      if (won) winners += 1;
      if (reallyWon) realWinners += 1;
      if (won && !reallyWon) gainedMembers += 1;
      if (reallyWon && !won) lostMembers += 1;
    }
    const cells = [...this.cells].sort(([a], [b]) => a - b).map(([key, cell]) => ({ ...placeAndDay(key), ...cell }));
    const days = summed(cells, ({ day }) => day);
    const regions = summed(cells, ({ adcode }) => adcode);
    const total = [...this.cells.values()].reduce(plus, zero());
    return {
      from: this.first === null ? null : new Date(this.first).toISOString(),
      to: this.first === null ? null : new Date(this.last).toISOString(),
      scans: this.scans,
      replayed: { ...this.replayed, wins: total.wins, fen: total.fen, winners } satisfies Figures,
      real: { ...this.real, wins: total.realWins, fen: total.realFen, winners: realWinners } satisfies Figures,
      days: [...days].map(([day, cell]) => ({ day, ...cell })),
      regions: [...regions].sort(([a], [b]) => a - b).map(([adcode, cell]) => ({ adcode, ...cell })),
      cells,
      campaigns: versions.map((version) => this.campaign(version)),
      prizes: versions.flatMap(({ campaignId }) => this.prizesOf(campaignId)),
      refusals: Object.fromEntries(this.refusals),
      winners: { gainedScans: total.gained, lostScans: total.lost, gainedMembers, lostMembers },
      breaches: [...this.breaches.values()].flatMap((of) => [...of.values()]).map((one) => breachOf(one, versions)),
      differences: this.differences.map(({ difference }) => difference),
    };
  }

  private cell(day: number, province: number): Cell {
    const key = day * PROVINCES + province;
    let cell = this.cells.get(key);
    if (!cell) this.cells.set(key, (cell = zero()));
    return cell;
  }

  private campaign({ campaignId, versionId }: CompiledVersion): ReplayResult['campaigns'][number] {
    const prizes = this.prizesOf(campaignId);
    const sum = (of: (prize: PrizeFigures) => number): number => prizes.reduce((all, prize) => all + of(prize), 0);
    return {
      campaignId,
      versionId,
      awards: sum(({ awards }) => awards),
      wins: sum(({ awards, kind }) => (kind === 'nothing' ? 0 : awards)),
      fen: sum(({ fen }) => fen),
    };
  }

  private prizesOf(campaignId: number): PrizeFigures[] {
    return [...(this.prizes.get(campaignId)?.values() ?? [])];
  }

  private addPrize({ campaignId, prizeKey, prize, amountFen }: Award): void {
    let prizes = this.prizes.get(campaignId);
    if (!prizes) this.prizes.set(campaignId, (prizes = new Map()));
    let figures = prizes.get(prizeKey);
    if (!figures) {
      const { kind, name } = prize;
      prizes.set(prizeKey, (figures = { campaignId, prizeKey, name, kind, awards: 0, fen: 0 }));
    }
    figures.awards += 1;
    figures.fen += amountFen;
  }

  private addRefusal(outcome: Exclude<Outcome, Award>, at: number): void {
    if (outcome.kind === 'repeat') return;
    const reason = outcome.kind === 'refused' ? outcome.reason : outcome.kind;
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
    if (outcome.kind !== 'refused') return;
    const { campaignId, cure } = outcome;
    if (cure.cap) this.breach(cure.cap, { kind: 'cap', campaignId, cap: cure.cap, prizeKey: null }, at);
    else if (outcome.reason === 'budget_short') {
      this.breach('budget', { kind: 'budget', campaignId, cap: null, prizeKey: null }, at);
    }
  }

  private breach(by: Cap | string, what: Breached['what'], at: number): void {
    let ofCampaign = this.breaches.get(what.campaignId);
    if (!ofCampaign) this.breaches.set(what.campaignId, (ofCampaign = new Map()));
    const known = ofCampaign.get(by);
    if (!known) return void ofCampaign.set(by, { what, firstAt: at, lastAt: at, times: 1 });
    known.lastAt = at;
    known.times += 1;
  }

  /** Keeps the ten that differ most; of equals the earlier stays. */
  private differ(scan: Replayed, fen: number): void {
    const { outcome, realFen, batch, layer, serial } = scan;
    const by = Math.abs(fen - realFen);
    const difference: Difference = {
      ...{ at: new Date(scan.at).toISOString(), memberId: scan.member.id, batch, layer, serial },
      ...{ adcode: Math.floor(scan.adcode / 10_000) * 10_000, realFen, fen },
      campaignId: 'campaignId' in outcome ? outcome.campaignId : null,
      ruleKey: 'ruleKey' in outcome ? outcome.ruleKey : null,
      outcome: wordOf(outcome),
    };
    this.differences = [...this.differences, { by, difference }].sort((a, b) => b.by - a.by).slice(0, DIFFERENCES);
    this.least = this.differences.length < DIFFERENCES ? 0 : this.differences.at(-1)!.by;
  }
}

function breachOf({ what, firstAt, lastAt, times }: Breached, versions: readonly CompiledVersion[]): Breach {
  const version = versions.find(({ campaignId }) => campaignId === what.campaignId);
  return {
    ...what,
    budgetId: what.kind === 'budget' ? (version?.content.budgetId ?? null) : null,
    firstAt: new Date(firstAt).toISOString(),
    lastAt: new Date(lastAt).toISOString(),
    times,
  };
}

function wordOf(outcome: Outcome): string {
  if (outcome.kind === 'award') return outcome.prize.name;
  return outcome.kind === 'refused' ? outcome.reason : outcome.kind;
}

function placeAndDay(key: number): { day: string; adcode: number } {
  const day = new Date(Math.floor(key / PROVINCES) * DAY_MS).toISOString().slice(0, 10);
  return { day, adcode: (key % PROVINCES) * 10_000 };
}

function summed<T extends Compared, K>(cells: readonly T[], keyOf: (cell: T) => K): Map<K, Cell> {
  const sums = new Map<K, Cell>();
  for (const cell of cells) sums.set(keyOf(cell), plus(sums.get(keyOf(cell)) ?? zero(), cell));
  return sums;
}

function plus(sum: Cell, cell: Compared): Cell {
  return {
    scans: sum.scans + cell.scans,
    wins: sum.wins + cell.wins,
    fen: sum.fen + cell.fen,
    realWins: sum.realWins + cell.realWins,
    realFen: sum.realFen + cell.realFen,
    gained: sum.gained + cell.gained,
    lost: sum.lost + cell.lost,
  };
}

function zero(): Cell {
  return { scans: 0, wins: 0, fen: 0, realWins: 0, realFen: 0, gained: 0, lost: 0 };
}
