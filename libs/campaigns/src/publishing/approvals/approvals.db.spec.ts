import { Rejected } from '@app/kernel';
import type { CampaignContent } from '../../index';
import { PublishingStage, refusal } from '../publishing-stage.contract';
import { ApprovalList } from '../views/approval-list';

let stage: PublishingStage;
/** Several connections, for what happens at the same moment. */
let many: PublishingStage;

beforeAll(async () => {
  stage = await PublishingStage.open();
  many = await PublishingStage.open(8);
});
afterAll(async () => {
  await stage.close();
  await many.close();
});

async function draft(content: CampaignContent, on = stage): Promise<number> {
  return (await on.save.run({ content, by: on.author.id })).campaignId;
}
const submit = (campaignId: number, confirmReason?: string) =>
  stage.submit.run({ campaignId, by: stage.author, note: '请审', confirmReason });
const approve = (campaignId: number, contentHash: string, by = stage.approver, confirmReason?: string) =>
  stage.approve.run({ campaignId, by, contentHash, confirmReason });
const submissionsOf = async (campaignId: number) =>
  (await new ApprovalList(stage.db.database).of(campaignId, { limit: 20 })).items.map(({ state }) => state);

describe('submission and approval', () => {
  it('publishes what was submitted, in one go with the approval, and records both people', async () => {
    const campaignId = await draft(await stage.realContent());
    const { submissionId, contentHash, unfavourable, needsOwner } = await submit(campaignId);
    expect([unfavourable, needsOwner]).toEqual([[], false]);
    expect(await stage.row(campaignId)).toMatchObject({ status: 'draft', versions: 0 });
    const publication = await approve(campaignId, contentHash);
    expect(publication).toMatchObject({ versionNo: 1, contentHash, changed: true });
    expect(await stage.row(campaignId)).toMatchObject({ status: 'live', versions: 1, epoch: 2 });
    const [version] = await stage.db.database.query(
      'SELECT author_id AS author, approver_id AS approver FROM campaign_versions WHERE id = ?',
      [publication.versionId],
    );
    expect(version).toEqual({ author: stage.author.id, approver: stage.approver.id });
    const [submission] = (await new ApprovalList(stage.db.database).of(campaignId, { limit: 1 })).items;
    expect(submission).toMatchObject({
      id: submissionId,
      state: 'approved',
      versionId: publication.versionId,
      note: '请审',
    });
    expect(await stage.acts(campaignId)).toEqual(['save', 'submit', 'approve']);
    expect(await refusal(approve(campaignId, contentHash))).toBe('not_submitted');
    expect(await refusal(submit(campaignId))).toBe('nothing_new');
  });

  it('is never by the submitter or by whoever wrote the draft last, also not as the owner', async () => {
    const document = await stage.realContent();
    const campaignId = await draft(document);
    const { contentHash } = await stage.submit.run({ campaignId, by: stage.owner });
    for (const by of [stage.author, stage.owner])
      expect(await refusal(approve(campaignId, contentHash, by))).toBe('same_person');
    expect(await stage.row(campaignId)).toMatchObject({ versions: 0 });
    await approve(campaignId, contentHash, stage.approver);
    // The database itself keeps the rule.
    const cheat = stage.db.database.query(
      'UPDATE campaign_submissions SET decided_by = submitted_by WHERE campaign_id = ?',
      [campaignId],
    );
    await expect(cheat).rejects.toThrow(/ck_campaign_submissions_eyes/);
  });

  it('is bound to the content: any change withdraws it, saving the same again does not', async () => {
    const document = await stage.realContent();
    const campaignId = await draft(document);
    const { contentHash } = await submit(campaignId);
    await stage.save.run({ campaignId, content: document, by: stage.approver.id });
    expect(await submissionsOf(campaignId)).toEqual(['pending']);
    expect(await refusal(approve(campaignId, '0'.repeat(64)))).toBe('approval_outdated');
    await stage.save.run({ campaignId, content: { ...document, name: '改了' }, by: stage.approver.id });
    expect(await submissionsOf(campaignId)).toEqual(['withdrawn']);
    expect(await refusal(approve(campaignId, contentHash))).toBe('not_submitted');
    const again = await submit(campaignId);
    expect(again.contentHash).not.toBe(contentHash);
    expect(await refusal(approve(campaignId, contentHash, stage.owner))).toBe('approval_outdated');
    expect(await refusal(approve(campaignId, again.contentHash, stage.approver))).toBe('same_person');
    // Written behind our back: what is in the row is not what was submitted.
    await stage.db.asOwner.query("UPDATE campaigns SET draft = REPLACE(draft, '改了', '再改') WHERE id = ?", [
      campaignId,
    ]);
    expect(await refusal(approve(campaignId, again.contentHash, stage.owner))).toBe('approval_outdated');
    expect(await stage.row(campaignId)).toMatchObject({ versions: 0 });
  });

  it('can be rejected by the second person and taken back by the first', async () => {
    const campaignId = await draft(await stage.realContent());
    expect(await refusal(submit(4_000_000_000))).toBe('no_campaign');
    const by = (who: typeof stage.author) => ({ campaignId, by: who, reason: '金额写错' });
    expect(await refusal(stage.reject.run(by(stage.approver)))).toBe('not_submitted');
    await submit(campaignId);
    expect(await refusal(submit(campaignId))).toBe('already_submitted');
    expect(await refusal(stage.reject.run(by(stage.author)))).toBe('same_person');
    expect(await refusal(stage.withdraw.run(by(stage.approver)))).toBe('not_yours');
    await stage.reject.run(by(stage.approver));
    await submit(campaignId);
    await stage.withdraw.run(by(stage.author));
    await submit(campaignId);
    await stage.withdraw.run(by(stage.owner));
    expect(await submissionsOf(campaignId)).toEqual(['withdrawn', 'withdrawn', 'rejected']);
    expect(await refusal(stage.withdraw.run(by(stage.author)))).toBe('not_submitted');
  });

  it('is refused while something it names does not exist, or the money is not there', async () => {
    const document = await stage.realContent();
    const findings = async (content: CampaignContent): Promise<string[]> => {
      const error: unknown = await submit(await draft(content)).catch((thrown: unknown) => thrown);
      if (!(error instanceof Rejected)) throw new Error(`was not rejected: ${String(error)}`);
      expect(error.code).toBe('campaign_invalid');
      const details = error.details as { severity: string; code: string }[];
      return details.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    };
    const none = 4_000_000_000;
    const scope = (products: number[], batches: number[] = []) => ({ ...document, scope: { products, batches } });
    expect(await findings(scope([none]))).toContain('unknown_product');
    expect(await findings(scope([], [none]))).toContain('unknown_batch');
    expect(await findings({ ...document, budgetId: none })).toContain('unknown_budget');
    expect(await findings({ ...document, budgetId: await stage.budget(100) })).toContain('budget_below_expected');
    const audience = { ...document.rules[0]!, when: { field: 'audience', op: 'hasAny' as const, value: [none] } };
    expect(await findings({ ...document, rules: [audience] })).toContain('unknown_audience');
    const coupon = {
      ...{ kind: 'coupon' as const, key: 'coupon', name: '券', stock: null, valueFen: 500, validDays: 30 },
      coupon: { type: 'pool' as const, poolId: none },
    };
    const table = { mode: 'drawn' as const, prizes: [{ key: 'coupon', odds: 1_000_000 }], fallbackPrizeKey: 'small' };
    const rules = [{ ...document.rules[0]!, then: table }];
    expect(await findings({ ...document, rules, prizes: [...document.prizes, coupon] })).toContain('unknown_pool');
  });

  it('looks at the surroundings again when it is approved', async () => {
    const document = await stage.realContent();
    const campaignId = await draft(document);
    const { contentHash } = await submit(campaignId);
    const rival = await stage.publishNew({ ...document, name: '后来的' });
    expect(await refusal(approve(campaignId, contentHash))).toBe('campaign_invalid');
    await stage.change.run({ campaignId: rival, switch: 'end', by: null, reason: '' });
    expect(await approve(campaignId, contentHash)).toMatchObject({ versionNo: 1 });
  });
});

describe('changes that are worse for consumers', () => {
  const worse = (content: CampaignContent): CampaignContent => ({
    ...content,
    prizes: [{ kind: 'cash', key: 'small', name: '开盖红包', amount: { type: 'fixed', fen: 50 }, stock: null }],
  });
  const better = (content: CampaignContent): CampaignContent => ({
    ...content,
    prizes: [{ kind: 'cash', key: 'small', name: '开盖红包', amount: { type: 'fixed', fen: 99 }, stock: null }],
  });
  async function inForce(): Promise<{ campaignId: number; document: CampaignContent }> {
    const document = await stage.realContent();
    const campaignId = await draft(document);
    await stage.approved(campaignId);
    return { campaignId, document };
  }

  it('pass without the owner when they are better', async () => {
    const { campaignId, document } = await inForce();
    await stage.save.run({ campaignId, content: better(document), by: stage.author.id });
    expect(await stage.approved(campaignId)).toBe(2);
  });

  it('need the owner and a reason, and are recorded with before and after', async () => {
    const { campaignId, document } = await inForce();
    await stage.save.run({ campaignId, content: worse(document), by: stage.author.id });
    expect(await refusal(submit(campaignId, '成本太高'))).toBe('owner_only');
    const { contentHash, unfavourable, needsOwner } = await submit(campaignId);
    expect([unfavourable.length > 0, needsOwner]).toEqual([true, true]);
    const refused: unknown = await approve(campaignId, contentHash, stage.approver, '我来确认').catch(
      (thrown: unknown) => thrown,
    );
    expect(refused).toMatchObject({ code: 'unfavourable_change', status: 409, details: [{ favour: 'worse' }] });
    expect(await refusal(approve(campaignId, contentHash, stage.owner))).toBe('unfavourable_change');
    expect(await stage.row(campaignId)).toMatchObject({ versions: 1 });
    expect(await approve(campaignId, contentHash, stage.owner, '主管部门要求下调')).toMatchObject({ versionNo: 2 });
    const [act] = (await stage.audit.list({ limit: 1, object: `campaign:${campaignId}` })).items;
    expect(act).toMatchObject({
      act: 'campaigns.approve',
      details: {
        before: { versionNo: 1 },
        after: { versionNo: 2, unfavourable: { confirmedBy: stage.owner.id, reason: '主管部门要求下调' } },
      },
    });
    expect(JSON.stringify(act)).toMatch(/"was":.*88.*"becomes":.*50/);
  });

  it('may be confirmed by the owner when submitting, for this content only', async () => {
    const { campaignId, document } = await inForce();
    await stage.save.run({ campaignId, content: worse(document), by: stage.author.id });
    const owner = { campaignId, by: stage.owner, confirmReason: '主管部门要求下调' };
    await stage.submit.run(owner);
    const lower = worse(document);
    const lowest = {
      ...lower,
      prizes: lower.prizes.map((prize) => ({ ...prize, amount: { type: 'fixed', fen: 30 } })),
    };
    await stage.save.run({ campaignId, content: lowest, by: stage.author.id });
    const plain = await submit(campaignId);
    expect(await refusal(approve(campaignId, plain.contentHash))).toBe('unfavourable_change');
    await stage.withdraw.run({ campaignId, by: stage.author, reason: '' });
    const { contentHash, needsOwner } = await stage.submit.run(owner);
    expect(needsOwner).toBe(false);
    expect(await approve(campaignId, contentHash)).toMatchObject({ versionNo: 2 });
  });
});

describe('at the same moment', () => {
  it('two approvers make one version', async () => {
    const campaignId = await draft(await many.realContent(), many);
    const { contentHash } = await many.submit.run({ campaignId, by: many.author });
    const by = [many.approver, many.owner, many.person(4), many.person(5)];
    const results = await Promise.all(by.map((who) => refusal(many.approve.run({ campaignId, by: who, contentHash }))));
    expect(results.sort()).toEqual(['Error: went through', 'not_submitted', 'not_submitted', 'not_submitted']);
    expect(await many.row(campaignId)).toMatchObject({ versions: 1, status: 'live' });
  });

  it('four submissions make one', async () => {
    const campaignId = await draft(await many.realContent(), many);
    const results = await Promise.all(
      [1, 2, 3, 4].map((n) => refusal(many.submit.run({ campaignId, by: many.person(n) }))),
    );
    expect(results.filter((result) => result === 'already_submitted')).toHaveLength(3);
  });

  it('saving while somebody submits or approves never publishes what nobody submitted', async () => {
    const document = await many.realContent();
    const campaignId = await draft(document, many);
    for (let round = 0; round < 12; round++) {
      const content = { ...document, name: `第${round}稿` };
      const saving = () => many.save.run({ campaignId, content, by: many.author.id });
      const submitting = () => many.submit.run({ campaignId, by: many.author }).catch(() => null);
      await Promise.all(round % 2 ? [saving(), submitting()] : [submitting(), saving()]);
      const [pending] = await many.db.database.query<{ hash: Buffer }>(
        'SELECT content_hash AS hash FROM campaign_submissions WHERE pending_campaign = ?',
        [campaignId],
      );
      const contentHash = pending?.hash.toString('hex');
      if (!contentHash) continue;
      const next = { ...document, name: `第${round}稿又改` };
      await Promise.all([
        many.approve.run({ campaignId, by: many.approver, contentHash }).catch(() => null),
        many.save.run({ campaignId, content: next, by: many.author.id }),
      ]);
    }
    const foreign = await many.db.database.query(
      `SELECT v.id FROM campaign_versions v LEFT JOIN campaign_submissions s ON s.version_id = v.id AND s.state = 'approved'
        WHERE v.campaign_id = ? AND (s.id IS NULL OR s.content_hash <> v.content_hash)`,
      [campaignId],
    );
    expect(foreign).toEqual([]);
  });

  it('of two campaigns that overlap only one is published', async () => {
    for (let round = 0; round < 5; round++) {
      const document = await many.realContent();
      const ids = [await draft(document, many), await draft({ ...document, name: '另一个' }, many)];
      const results = await Promise.all(
        ids.map((campaignId) => refusal(many.publish.run({ campaignId, by: many.author.id }))),
      );
      expect(results.sort()).toEqual(['Error: went through', 'campaign_invalid']);
    }
  });
});
