import { newGroup, toDocument, toRoot, type GroupNode } from '../conditions/condition-tree';
import { COPY_LINES } from './document';
import type {
  Amount,
  BurstPlan,
  CampaignDocument,
  Cap,
  CopyLine,
  DealtTable,
  DrawnTable,
  Experiment,
  GateKind,
  Lane,
  Legal,
  LookDocument,
  PrizeDocument,
  PrizeKind,
  RuleDocument,
  Segment,
  Trust,
} from './document';
import { ODDS_TOTAL } from './odds';

/**
 * A campaign as it is edited: the document with ids for rows, and with everything that a choice hides still in place, so that looking at
 * another kind of prize or table loses nothing. `toDraft(fromDraft(document))` is the document again.
 */
export interface CampaignForm {
  name: string;
  lane: Lane;
  priority: number;
  products: number[];
  batches: number[];
  from: string;
  to: string;
  rules: RuleForm[];
  prizes: PrizeForm[];
  caps: CapForm[];
  budgetId: number | null;
  gates: GateKind[];
  alwaysWins: boolean;
  experiment: Experiment | null;
  burst: BurstPlan | null;
  pooled: boolean;
  untilFen: number;
  title: string;
  ruleText: string;
  /** Empty = the page's own words. */
  lines: Record<CopyLine, string>;
  look: LookDocument;
  legal: Legal;
}

export interface RuleForm {
  readonly id: number;
  readonly key: string;
  name: string;
  when: GroupNode;
  minTrust: Trust | null;
  mode: 'drawn' | 'dealt';
  /** Rows of both modes: a row has its odds and its count. */
  rows: TableRow[];
  fallback: string | null;
  segment: Segment;
}

export interface TableRow {
  readonly id: number;
  prize: string;
  odds: number;
  count: number;
}

export interface PrizeForm {
  readonly id: number;
  readonly key: string;
  kind: PrizeKind;
  name: string;
  amount: Amount;
  stock: number | null;
  opensWithinDays: number;
  poolId: number | null;
  generated: boolean;
  valueFen: number;
  coPayFen: number;
  validDays: number;
  productId: number | null;
}

export interface CapForm extends Cap {
  readonly id: number;
}

let lastId = 0;
const nextId = (): number => ++lastId;

const DAYS = 30;
const NO_SEGMENT: Segment = { batch: 0, layer: 0, from: 0, to: 0 };

export function fromDraft(document: CampaignDocument): CampaignForm {
  const { scope, period, copy, payout, gates, experiment, burst, legal, ...same } = plain(document);
  return {
    ...{ name: same.name, lane: same.lane, priority: same.priority, budgetId: same.budgetId },
    ...{ alwaysWins: same.alwaysWins, experiment, burst, legal },
    ...{ products: scope.products, batches: scope.batches, from: period.from, to: period.to },
    rules: same.rules.map(ruleForm),
    prizes: same.prizes.map(prizeForm),
    caps: same.caps.map((cap) => ({ ...cap, id: nextId() })),
    gates: gates.map(({ kind }) => kind),
    pooled: payout.mode === 'pooled',
    untilFen: payout.mode === 'pooled' ? payout.untilFen : 100,
    title: copy.title,
    ruleText: copy.ruleText,
    lines: { invite: '', win: '', thanks: '', notice: '', ...linesOf(copy) },
    look: { ...BRAND_LOOK, ...same.look },
  };
}

const BRAND_LOOK: LookDocument = { theme: 'cinnabar', accent: null, hero: null, logo: null };

/** Those lines that say something. */
function linesOf(lines: { readonly [line in CopyLine]?: string | undefined }): { [line in CopyLine]?: string } {
  const said = COPY_LINES.map((line) => [line, lines[line]?.trim() ?? ''] as const).filter(([, text]) => text !== '');
  return Object.fromEntries(said);
}

/** A look that is the brand's own is none: a document from before there were looks stays word for word what it was. */
function lookOf({ theme, accent, hero, logo }: LookDocument): Pick<CampaignDocument, 'look'> {
  const own = theme === BRAND_LOOK.theme && accent === null && hero === null && logo === null;
  return own ? {} : { look: { theme, accent, hero, logo } };
}

export function toDraft(form: CampaignForm): CampaignDocument {
  const { name, lane, priority, budgetId, alwaysWins, experiment, burst, legal } = plain(form);
  return {
    ...{ schema: 1, name, lane, priority, budgetId, alwaysWins, experiment, burst, legal },
    scope: { products: [...form.products], batches: [...form.batches] },
    period: { zone: 'Asia/Shanghai', from: form.from, to: form.to },
    rules: form.rules.map(ruleDocument),
    prizes: form.prizes.map(prizeDocument),
    caps: form.caps.map(capDocument),
    gates: form.gates.map((kind) => ({ kind })),
    payout: form.pooled ? { mode: 'pooled', untilFen: form.untilFen } : { mode: 'instant' },
    copy: { title: form.title, ruleText: form.ruleText, ...linesOf(form.lines) },
    ...lookOf(form.look),
  };
}

function ruleForm({ key, name, when, then, minTrust }: RuleDocument): RuleForm {
  return {
    ...{ id: nextId(), key, name, when: toRoot(when), minTrust: minTrust ?? null, mode: then.mode },
    rows:
      then.mode === 'drawn'
        ? then.prizes.map(({ key: prize, odds }) => ({ id: nextId(), prize, odds, count: 0 }))
        : then.prizes.map(({ key: prize, count }) => ({ id: nextId(), prize, odds: 0, count })),
    fallback: then.mode === 'drawn' ? then.fallbackPrizeKey : null,
    segment: then.mode === 'dealt' ? then.segment : { ...NO_SEGMENT },
  };
}

function ruleDocument(rule: RuleForm): RuleDocument {
  const { key, name, minTrust } = rule;
  return { key, name, when: toDocument(rule.when), then: tableOf(rule), ...(minTrust && { minTrust }) };
}

function tableOf({ mode, rows, fallback, segment }: RuleForm): DrawnTable | DealtTable {
  if (mode === 'dealt') {
    const prizes = rows.map(({ prize, count }) => ({ key: prize, count }));
    return { mode, segment: { ...segment }, prizes };
  }
  return { mode, prizes: rows.map(({ prize, odds }) => ({ key: prize, odds })), fallbackPrizeKey: fallback };
}

function prizeForm(prize: PrizeDocument): PrizeForm {
  const { kind, key, name } = prize;
  return {
    ...{ id: nextId(), key, kind, name, stock: 'stock' in prize ? prize.stock : null },
    amount: 'amount' in prize ? prize.amount : { type: 'fixed', fen: 88 },
    opensWithinDays: kind === 'locked' ? prize.opensWithinDays : DAYS,
    poolId: kind === 'coupon' && prize.coupon.type === 'pool' ? prize.coupon.poolId : null,
    generated: kind === 'coupon' ? prize.coupon.type === 'generated' : false,
    valueFen: 'valueFen' in prize ? prize.valueFen : 0,
    coPayFen: kind === 'redeem' ? prize.coPayFen : 0,
    validDays: 'validDays' in prize ? prize.validDays : DAYS,
    productId: kind === 'redeem' ? prize.productId : null,
  };
}

function prizeDocument(prize: PrizeForm): PrizeDocument {
  const { kind, key, name, stock, valueFen, validDays, opensWithinDays, coPayFen } = prize;
  const amount = plain(prize.amount);
  switch (kind) {
    case 'cash':
      return { kind, key, name, amount, stock };
    case 'locked':
      return { kind, key, name, amount, opensWithinDays, stock };
    case 'coupon': {
      // A pool that was not chosen is 0, which the check names as what it is: not filled in.
      const coupon = prize.generated
        ? { type: 'generated' as const }
        : { type: 'pool' as const, poolId: prize.poolId ?? 0 };
      return { kind, key, name, coupon, valueFen, validDays, stock };
    }
    case 'goods':
      return { kind, key, name, valueFen, stock };
    case 'redeem':
      return { kind, key, name, productId: prize.productId ?? 0, valueFen, coPayFen, validDays, stock };
    case 'nothing':
      return { kind, key, name };
  }
}

function capDocument({ per, window, count, fen, level, adcode }: CapForm): Cap {
  if (per !== 'region') return { per, window, count, fen };
  return { per, window, count, fen, ...(adcode ? { adcode } : level && { level }) };
}

/** A key that no other part has: `prize-3`. Keys stay with their part for ever, so they are made once and never shown. */
export function freshKey(word: string, taken: readonly string[]): string {
  for (let number = taken.length + 1; ; number++) {
    const key = `${word}-${number}`;
    if (!taken.includes(key)) return key;
  }
}

export function newPrize(form: CampaignForm, kind: PrizeKind): PrizeForm {
  const key = freshKey(
    'prize',
    form.prizes.map((prize) => prize.key),
  );
  const name = {
    cash: '红包',
    locked: '下一瓶红包',
    coupon: '优惠券',
    goods: '实物礼',
    redeem: '再来一瓶',
    nothing: '谢谢参与',
  }[kind];
  return { ...prizeForm({ kind: 'nothing', key, name }), kind };
}

function isEndless({ kind, stock, generated }: PrizeForm): boolean {
  return kind !== 'nothing' && stock === null && (kind !== 'coupon' || generated);
}

/** A rule for everybody that gives a prize for certain; it goes above the rules that are there. */
export function newRule(form: CampaignForm): RuleForm {
  const key = freshKey(
    'rule',
    form.rules.map((rule) => rule.key),
  );
  // One that cannot run out, so that the rule is sound as it is.
  const first = (form.prizes.find(isEndless) ?? form.prizes[0])?.key;
  return {
    ...{ id: nextId(), key, name: `规则 ${form.rules.length + 1}`, when: newGroup('all'), minTrust: null },
    ...{ mode: 'drawn', fallback: null, segment: { ...NO_SEGMENT } },
    rows: first ? [newRow(first, ODDS_TOTAL)] : [],
  };
}

export function newRow(prize: string, odds = 0): TableRow {
  return { id: nextId(), prize, odds, count: 0 };
}

export function newCap(): CapForm {
  return { id: nextId(), per: 'member', window: 'day', count: 10, fen: null };
}

/** Takes a prize out of everything that gives it. */
export function withoutPrize(form: CampaignForm, key: string): void {
  form.prizes = form.prizes.filter((prize) => prize.key !== key);
  for (const rule of form.rules) {
    rule.rows = rule.rows.filter((row) => row.prize !== key);
    if (rule.fallback === key) rule.fallback = null;
  }
}

/** Moves one of a list; positions outside it are brought inside. Returns the new list. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  if (item === undefined) return next;
  next.splice(Math.min(Math.max(to, 0), next.length), 0, item);
  return next;
}

/** The same data without what Vue hangs on it. Documents are JSON, so nothing is lost. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
