import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  CampaignCatalog,
  CampaignList,
  compileCampaign,
  decideWithTrace,
  drawsOf,
  explain,
  hashCampaign,
  readCampaignStates,
  validateCampaign,
  type CompiledVersion,
  type Decision,
  type DecisionState,
  type DecisionTrace,
} from '@app/campaigns';
import { UnitOfWork, type Tx } from '@app/database';
import { Rejected, type CodeTriple } from '@app/kernel';
import { Budgets } from '@app/payouts';
import { regionWords } from '@app/regions';
import type { MemberCounts } from '@app/rewards';
import type { Operator } from '@app/staff';
import { SerialVeil } from '../serial-veil';
import { DryRunFacts, type DryRunQuestion } from './dry-run-facts';

export interface DryRunAnswer {
  readonly decision: Decision;
  readonly trace: DecisionTrace;
  /** Chinese, to be read aloud. */
  readonly sentences: readonly string[];
  /** What was pretended, in Chinese. Always says that luck was. */
  readonly pretended: readonly string[];
}

const LUCK_WORDS =
  '抽奖结果用的是模拟的签，不是这个码真正的签：试算不会透露任何一个码里有什么奖。同样的「试算签」会得到同样的结果。';

/**
 * Decides one pretended scan with the real rules and shows everything they looked at. Nothing is written, nothing is taken. Luck is
 * always pretended, for drawn and dealt tables alike: whoever could ask with the real one would learn which bottle to buy.
 */
@Injectable()
export class DryRun {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly campaigns: CampaignList,
    private readonly catalog: CampaignCatalog,
    private readonly budgets: Budgets,
    private readonly told: DryRunFacts,
    private readonly veil: SerialVeil,
  ) {}

  /**
   * Rejected: `no_campaign` (404), `nothing_to_run` (409), `draft_has_errors` (422), `not_our_code` (422), `no_product` (422),
   * `no_member` (422). Of a code whose serial `by` (null = the system itself) may not know, the answer knows no more than its batch and layer.
   */
  async run(question: DryRunQuestion, by: Operator | null = null): Promise<DryRunAnswer> {
    const tested = await this.tested(question);
    const others = question.together === false ? [] : await this.catalog.live();
    const versions = [tested, ...others.filter(({ campaignId }) => campaignId !== tested.campaignId)];
    return this.unitOfWork.run(async (tx) => {
      const { code: asked, counts, words, ...real } = await this.told.read(tx, question, versions);
      const code = question.code === undefined ? asked : await this.shownTo(by, tx, asked, tested);
      const facts = { ...real.facts, serial: code.serial };
      const state = await this.stateOf(tx, versions, tested, facts.at, counts);
      const luck = drawsOf(luckOf(question.luck ?? ''), code);
      const options = { withoutLocation: question.withoutLocation ?? false };
      const { decision, trace } = decideWithTrace(versions, facts, state, luck, options);
      return {
        decision,
        trace,
        sentences: explain(trace, nameOf),
        pretended: [LUCK_WORDS, ...words, ...serialWords(asked, code)],
      };
    });
  }

  /** The code itself, or one in its place: everybody can draw the pretended luck of every serial, and write rules about them. */
  private async shownTo(
    by: Operator | null,
    tx: Tx,
    code: CodeTriple,
    { content }: CompiledVersion,
  ): Promise<CodeTriple> {
    const standIn = await this.veil.standIn(tx, by, code);
    if (standIn === null) return code;
    const dealt = content.rules.flatMap(({ then }) => (then.mode === 'dealt' ? [then.segment] : []));
    const own = dealt.find(({ batch, layer }) => batch === code.batch && layer === code.layer);
    return { ...code, serial: standIn || (own?.from ?? 0) };
  }

  private async tested({ campaignId, of = 'draft' }: DryRunQuestion): Promise<CompiledVersion> {
    const { draft, inForce } = await this.campaigns.detail(campaignId);
    if (of === 'in_force' && inForce) return compileCampaign({ campaignId, ...inForce });
    const content = of === 'draft' ? (draft ?? inForce?.content) : undefined;
    if (!content) throw new Rejected('nothing_to_run', '活动还没有可以试算的内容', 409);
    const check = validateCampaign(content);
    if (!check.ok) throw new Rejected('draft_has_errors', '草稿还有错误，改正后才能试算', 422, check.findings);
    const contentHash = hashCampaign(check.content);
    return compileCampaign({ campaignId, versionId: 0, versionNo: 0, contentHash, content: check.content });
  }

  /** The tested campaign as if it were running with a full stock; the others, and all money, as they are. */
  private async stateOf(
    tx: Tx,
    versions: readonly CompiledVersion[],
    tested: CompiledVersion,
    at: Date,
    counts: MemberCounts,
  ): Promise<DecisionState> {
    const ids = versions.map(({ campaignId }) => campaignId);
    const states = await readCampaignStates(tx, ids, at);
    const budgets = await this.budgets.left(tx, [
      ...new Set(versions.flatMap(({ content }) => content.budgetId ?? [])),
    ]);
    return {
      status: (id) => (id === tested.campaignId ? 'live' : states.status(id)),
      used: (id, key) => (key.startsWith('m|') ? counts.paid(id, key.slice(2)) : { count: 0, fen: 0 }),
      stockLeft: (id, key) => (id === tested.campaignId ? stockOf(tested, key) : states.stockLeft(id, key)),
      budgetLeft: (id) => budgets.get(id) ?? 0,
    };
  }
}

/** Says so even where the two happen to be the same, which is nobody's business. */
function serialWords(asked: CodeTriple, taken: CodeTriple): string[] {
  if (asked === taken) return [];
  return [
    `这个码的序号不公开（需要「导出码序号」权限，且所在码段没有未结束的预埋），试算时当作序号 ${taken.serial} 的码。`,
  ];
}

function stockOf({ content }: CompiledVersion, key: string): number | null {
  const prize = content.prizes.find((one) => one.key === key);
  return !prize || prize.kind === 'nothing' ? null : prize.stock;
}

/** A key that everybody may know. It must never be the campaigns' own. */
function luckOf(words: string): Buffer {
  return createHash('sha256').update(`dry-run|${words}`).digest();
}

function nameOf(field: string, value: unknown): string | undefined {
  return field === 'region' && typeof value === 'number' ? regionWords(value) : undefined;
}
