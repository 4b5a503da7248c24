import { Injectable } from '@nestjs/common';
import type { CompiledVersion, MemberScanFacts, ScanFacts } from '@app/campaigns';
import { CodeBook, CodeCatalog } from '@app/codes';
import { databaseNow, textOf, type Tx } from '@app/database';
import { memberId, Rejected, shanghaiDay, type CodeTriple } from '@app/kernel';
import { MembersForScan } from '@app/members';
import type { PlaceTrust } from '@app/regions';
import { MemberCounts } from '@app/rewards';

type Goods = Pick<ScanFacts, 'product' | 'productLine' | 'batch' | 'lot' | 'layer' | 'serial'>;

/** One scan as it might be. What is left out is the plainest thing there is: now, no place, an unknown member, a code never scanned. */
export interface DryRunQuestion {
  readonly campaignId: number;
  /** The draft (default), or the version in force. */
  readonly of?: 'draft' | 'in_force';
  /** Beside the other campaigns in force (default), or alone. */
  readonly together?: boolean;
  readonly at?: Date;
  /** Text of a code of ours; without one, goods are named by `productId` and `batchId`. */
  readonly code?: string;
  readonly productId?: number;
  readonly batchId?: number;
  readonly place?: {
    readonly adcode: number | null;
    readonly trust: PlaceTrust;
    readonly accuracyM?: number | null;
  };
  readonly withoutLocation?: boolean;
  /** A real member, as they stand now; `member` then changes what it names. */
  readonly memberId?: number;
  readonly member?: Partial<Omit<MemberScanFacts, 'id'>>;
  /** Ordinals the scan would have. */
  readonly nth?: { readonly ever?: number; readonly day?: number; readonly campaign?: number };
  readonly firstScanOfCode?: boolean;
  /** Any words: the same words give the same luck. */
  readonly luck?: string;
}

export interface PretendedScan {
  readonly facts: ScanFacts;
  readonly code: CodeTriple;
  readonly counts: MemberCounts;
  /** What was pretended, in Chinese. */
  readonly words: readonly string[];
}

const UNKNOWN_MEMBER: MemberScanFacts = {
  id: null,
  tier: null,
  isNew: null,
  tags: null,
  audiences: null,
  phoneBound: null,
  follows: null,
  shared: null,
  daysSinceLastScan: null,
  risk: null,
};

/** Turns a question into the facts a decision takes: what is real is read, what is told replaces it. */
@Injectable()
export class DryRunFacts {
  constructor(
    private readonly codeBook: CodeBook,
    private readonly codes: CodeCatalog,
    private readonly members: MembersForScan,
  ) {}

  async read(tx: Tx, question: DryRunQuestion, versions: readonly CompiledVersion[]): Promise<PretendedScan> {
    const at = question.at ?? (await databaseNow(tx));
    const { goods, words } = await this.goods(tx, question, versions[0]!, at);
    const counts = await this.counts(tx, question);
    const member = await this.member(tx, question, versions, at, counts);
    const { adcode = null, trust = 'unknown', accuracyM = null } = question.place ?? {};
    const facts: ScanFacts = {
      ...goods,
      region: { adcode, trust, accuracyM },
      shippedTo: { distributor: null, store: null },
      member,
      firstScanOfCode: question.firstScanOfCode ?? true,
      at,
      nthScan: ordinals(counts, at, question.nth),
    };
    const { batch, layer, serial } = goods;
    return { facts, code: { batch, layer, serial }, counts, words };
  }

  private async goods(
    tx: Tx,
    question: DryRunQuestion,
    tested: CompiledVersion,
    at: Date,
  ): Promise<{ goods: Goods; words: string[] }> {
    if (question.code !== undefined) return this.goodsOfCode(question.code, at);
    const { products, batches } = tested.content.scope;
    const dealt = tested.content.rules.flatMap(({ then }) => (then.mode === 'dealt' ? [then.segment] : []))[0];
    const product = question.productId ?? products[0] ?? null;
    const batch = question.batchId ?? dealt?.batch ?? batches[0] ?? 0;
    const [row] = await tx.query<{ id: number; line: Buffer }>(
      product === null
        ? 'SELECT id, line FROM products ORDER BY id LIMIT 1'
        : 'SELECT id, line FROM products WHERE id = ?',
      product === null ? [] : [product],
    );
    if (!row) throw new Rejected('no_product', '没有这个商品', 422);
    const place = { layer: dealt?.layer ?? 0, serial: dealt?.from ?? 0, lot: null };
    const goods = { product: row.id, productLine: textOf(row.line), batch, ...place };
    return { goods, words: ['没有给码，按一个从未被扫过的码试算。'] };
  }

  private async goodsOfCode(text: string, at: Date): Promise<{ goods: Goods; words: string[] }> {
    const decoded = this.codeBook.decode(text);
    if (decoded === 'malformed' || decoded === 'forged') throw notOurs();
    const { batch, layer, serial } = decoded;
    await this.codes.ensure([batch]);
    const code = this.codes.resolve({ batch, layer, serial }, at);
    if (code.kind === 'unknown') throw notOurs();
    const words = code.pays
      ? []
      : ['这个码在那个时间不能参加活动（没有激活、已冻结或不是消费者抽奖的码层），试算时当作可以参加。'];
    const lot = code.lot?.lotNo ?? null;
    const goods = { product: code.product.id, productLine: code.product.line, batch, layer, serial, lot };
    return { goods, words: [...words, '不管这个码以前有没有用过，都按没有用过试算。'] };
  }

  /** What a real member has used up and won so far; nothing for a pretended one. Read without a lock: nothing is decided for good. */
  private async counts(tx: Tx, { memberId: id }: DryRunQuestion): Promise<MemberCounts> {
    if (id === undefined) return MemberCounts.none;
    const [row] = await tx.query<{ counts: string }>('SELECT counts FROM member_counters WHERE member_id = ?', [id]);
    return row ? MemberCounts.fromText(row.counts) : MemberCounts.none;
  }

  private async member(
    tx: Tx,
    { memberId: id, member: told = {} }: DryRunQuestion,
    versions: readonly CompiledVersion[],
    at: Date,
    counts: MemberCounts,
  ): Promise<MemberScanFacts> {
    if (id === undefined) return { ...UNKNOWN_MEMBER, ...told };
    const asked = [...new Set(versions.flatMap(({ audiences }) => audiences))];
    const real = (await this.members.readMembersForScan(tx, [memberId(id)], asked, at)).get(memberId(id));
    if (!real) throw new Rejected('no_member', '没有这个会员', 422);
    const day = shanghaiDay(at);
    return {
      ...UNKNOWN_MEMBER,
      ...{ id, tier: real.tier, tags: real.tags, audiences: real.audiences, phoneBound: real.phoneBound },
      ...{ follows: real.follows, isNew: counts.used(day).ever === 0, daysSinceLastScan: counts.daysSince(day) },
      ...told,
    };
  }
}

function notOurs(): Rejected {
  return new Rejected('not_our_code', '这不是我们的码', 422);
}

/** Ordinals as told, or as counted. */
function ordinals(counts: MemberCounts, at: Date, told: DryRunQuestion['nth'] = {}): ScanFacts['nthScan'] {
  const used = counts.used(shanghaiDay(at));
  return {
    ever: told.ever ?? used.ever + 1,
    day: told.day ?? used.day + 1,
    campaign: (id) => told.campaign ?? used.campaign(id) + 1,
  };
}
