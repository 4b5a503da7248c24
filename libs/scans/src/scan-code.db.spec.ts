import { issueScope } from '@app/analytics';
import { randomUUID } from 'node:crypto';
import { campaignTemplate, SwitchCampaign, type CampaignContent } from '@app/campaigns';
import {
  ActivateRange,
  BindLot,
  CodeBook,
  CodeCatalog,
  FreezeBatch,
  FreezeRange,
  RecordLot,
  SetLotStages,
  VoidRange,
} from '@app/codes';
import { Database, UnitOfWork } from '@app/database';
import { codeKey, type ScanId } from '@app/kernel';
import { ExplainScan, ScanList } from './index';
import { ScanReads } from './scan-reads';
import { HEFEI_IP, ScanStage } from './scan-stage.contract';

let stage: ScanStage;
beforeAll(async () => {
  stage = await ScanStage.open();
});
afterAll(() => stage.close());

const act = { by: 1 };
const scanId = () => randomUUID() as string as ScanId;
const within = (adcode: number) => ({ field: 'region', op: 'within', value: adcode }) as const;
const NANJING = { latitude: 32.0603, longitude: 118.7969, accuracy: 30, datum: 'gcj02' as const };
const HEFEI = { latitude: 31.8206, longitude: 117.2272, accuracy: 30, datum: 'gcj02' as const };

/** A batch with a campaign that pays everybody 88 fen from a budget of its own. */
async function opened(overrides: Partial<CampaignContent> = {}, grantedFen = 1_000_000) {
  const batch = await stage.batch();
  const budgetId = await stage.budget(grantedFen);
  const campaign = await stage.campaign({ batches: [batch.id], budgetId, ...overrides });
  return { batch, budgetId, ...campaign };
}

const rule = (when: unknown, prizes: { key: string; odds: number }[], fallbackPrizeKey: string | null = null) =>
  ({
    key: 'r1',
    name: '规则一',
    when,
    then: { mode: 'drawn', prizes, fallbackPrizeKey },
  }) as CampaignContent['rules'][number];
const cash = (key: string, fen: number, stock: number | null = null) =>
  ({
    kind: 'cash',
    key,
    name: `${fen} 分红包`,
    amount: { type: 'fixed', fen },
    stock,
  }) as CampaignContent['prizes'][number];

const reserved = (budgetId: number) => stage.count('SELECT reserved_fen FROM budgets WHERE id = ?', [budgetId]);

describe('verdicts', () => {
  it('first query wins, own repeat shows the same reward, others see minute and city only', async () => {
    const { batch, budgetId } = await opened();
    const [winner, other] = [await stage.member(), await stage.member()];
    const first = (await stage.scan(winner, batch.text(1))).answer;
    expect(first).toMatchObject({
      verdict: 'first',
      repeat: null,
      refusal: null,
      reward: { kind: 'cash', amountFen: 88, state: 'ready' },
      product: { name: '青柠气泡茶', spec: '500 ml' },
    });
    const again = (await stage.scan(winner, batch.text(1))).answer;
    expect(again).toMatchObject({
      verdict: 'repeat',
      repeat: { mine: true, times: 2 },
      reward: { awardId: first.reward!.awardId },
    });
    const theirs = await stage.scan(other, batch.text(1));
    expect(theirs.answer).toMatchObject({
      verdict: 'repeat',
      reward: null,
      repeat: { mine: false, city: '合肥市', times: 3 },
    });
    expect(theirs.answer.repeat!.firstAt).toMatch(/:00\.000Z$/);
    expect(theirs.text).not.toContain(String(winner));
    expect(await reserved(budgetId)).toBe(88);
  });

  it.each([
    ['not_active', '这瓶还没登记上市', async () => (await stage.batch({ active: false })).text(3)],
    ['expired', null, async () => (await stage.batch({ expiresAt: new Date(Date.now() - 1000) })).text(3)],
    ['frozen', null, async () => frozenRange()],
    ['void', null, async () => voidedRange()],
    ['frozen', null, async () => frozenBatch()],
    ['recalled', null, async () => recalledRange()],
    ['recalled', null, async () => recalledBatch()],
  ])('%s codes never pay and leave no claim (I14)', async (verdict, words, make) => {
    const text = await make();
    const member = await stage.member();
    const { answer } = await stage.scan(member, text);
    expect(answer).toMatchObject({ verdict, reward: null });
    if (words) expect(answer.refusal!.message).toContain(words);
    const { batch } = decoded(text);
    expect(await stage.count('SELECT COUNT(*) FROM code_claims WHERE batch_id = ?', [batch])).toBe(0);
    // By the member too: other specs plant scans of batches whose numbers they make up.
    const kept = 'SELECT COUNT(*) FROM scans WHERE batch_id = ? AND member_id = ?';
    expect(await stage.count(kept, [batch, member])).toBe(1);
  });

  async function frozenRange() {
    const { batch } = await opened();
    await stage.app.get(FreezeRange).run({ batchId: batch.id, layer: 0, from: 0, to: 10 }, act);
    return batch.text(3);
  }
  async function voidedRange() {
    const { batch } = await opened();
    await stage.app.get(VoidRange).run({ batchId: batch.id, layer: 0, from: 3, to: 4 }, act);
    return batch.text(3);
  }
  async function frozenBatch() {
    const { batch } = await opened();
    await stage.app.get(FreezeBatch).run(batch.id);
    return batch.text(3);
  }

  async function recalledRange() {
    const { batch } = await opened();
    const range = { batchId: batch.id, layer: 0, from: 0, to: 10 };
    await stage.app.get(FreezeRange).run({ ...range, cause: 'recall', reason: '封口不严' }, act);
    return batch.text(3);
  }
  async function recalledBatch() {
    const { batch } = await opened();
    await stage.app.get(FreezeBatch).run(batch.id, { cause: 'recall', reason: '封口不严' });
    return batch.text(3);
  }

  it('a freeze that the catalogue hears of in the midst of a scan stops that scan too (I14)', async () => {
    const { batch, budgetId } = await opened();
    const reads = stage.app.get(ScanReads);
    const lock = reads.lockClaims.bind(reads);
    const spy = jest.spyOn(reads, 'lockClaims').mockImplementationOnce(async (...given) => {
      await stage.app.get(FreezeRange).run({ batchId: batch.id, layer: 0, from: 0, to: 10 }, act);
      await stage.app.get(CodeCatalog).refreshAll();
      return lock(...given);
    });
    const { answer } = await stage.scan(await stage.member(), batch.text(3));
    spy.mockRestore();
    expect(answer).toMatchObject({ verdict: 'frozen', reward: null });
    expect(await reserved(budgetId)).toBe(0);
  });

  it('a recall is told to whoever won with the bottle before, and its reason to nobody', async () => {
    const { batch } = await opened();
    const member = await stage.member();
    expect((await stage.scan(member, batch.text(1))).answer.reward).not.toBeNull();
    await stage.app.get(FreezeBatch).run(batch.id, { cause: 'recall', reason: '封口不严' });
    const { answer, text } = await stage.scan(member, batch.text(1));
    expect(answer).toMatchObject({ verdict: 'recalled', reward: null, refusal: null });
    expect(text).not.toContain('封口不严');
  });

  it('tells the way of the lot: kept once, sent whole, in the same bytes also after it was told anew', async () => {
    const { batch } = await opened();
    const lot = { lotNo: `S${Date.now().toString(36).toUpperCase()}`, productId: batch.productId, plant: '合肥' };
    const made = { ...lot, line: 'A1', producedOn: '2026-06-01', expiresOn: null };
    const { id: lotId } = await stage.app.get(RecordLot).run(made, act);
    await stage.app.get(BindLot).run({ lotId, batchId: batch.id, layer: 0, from: 0, to: 10 }, act);
    const told = [{ name: '采茶', at: '2026-05-08', place: '安徽 黄山', detail: '一芽二叶' }];
    await stage.app.get(SetLotStages).run(lotId, told, act);
    const [member, id] = [await stage.member(), scanId()];
    const first = await stage.scan(member, batch.text(1), { scanId: id });
    expect(first.answer.product!.lot).toMatchObject({ lotNo: lot.lotNo, stages: told });
    await stage.app.get(SetLotStages).run(lotId, [...told, { ...told[0]!, name: '萃取' }], act);
    expect((await stage.scan(member, batch.text(1), { scanId: id })).text).toBe(first.text);
    const other = await stage.scan(member, batch.text(2));
    expect(other.answer.product!.lot!.stages).toHaveLength(2);
    const [kept] = await stage.db.database.query<{ answer: string }>('SELECT answer FROM scans WHERE scan_id = ?', [
      id,
    ]);
    expect(kept!.answer).not.toContain('采茶');
    expect((await stage.app.get(ExplainScan).run(`${member}-${id}`)).answer).toEqual(first.answer);
    expect((await stage.scan(member, batch.text(20))).answer.product!.lot).toBeNull();
  });

  it('malformed text and forged codes leave nothing behind, not even a query', async () => {
    const member = await stage.member();
    const before = await stage.count('SELECT COUNT(*) FROM scans');
    const asked = [jest.spyOn(stage.app.get(UnitOfWork), 'run'), jest.spyOn(stage.app.get(Database), 'query')];
    expect((await stage.scan(member, 'hello')).kind).toBe('malformed');
    expect((await stage.scan(member, 'A0123456789ABCDEF')).kind).toBe('unknown');
    for (const spy of asked) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
    expect(await stage.count('SELECT COUNT(*) FROM scans')).toBe(before);
  });

  it('a serial beyond the batch, and a layer that was not printed, are unknown', async () => {
    const batch = await stage.batch({ quantity: 10 });
    const member = await stage.member();
    const book = stage.app.get(CodeBook);
    expect((await stage.scan(member, book.encode({ batch: batch.id, layer: 0, serial: 10 }))).kind).toBe('unknown');
    expect((await stage.scan(member, book.encode({ batch: batch.id, layer: 5, serial: 1 }))).kind).toBe('unknown');
    expect(await stage.count('SELECT COUNT(*) FROM scans WHERE batch_id = ?', [batch.id])).toBe(0);
  });

  it('verify layers answer and never use up a prize', async () => {
    const batch = await stage.batch({ purpose: 'verify' });
    await stage.campaign({ batches: [batch.id], budgetId: await stage.budget(1000) });
    const { answer } = await stage.scan(await stage.member(), batch.text(1));
    expect(answer).toMatchObject({ verdict: 'first', reward: null, refusal: null });
    expect(await stage.count('SELECT COUNT(*) FROM awards WHERE batch_id = ?', [batch.id])).toBe(0);
  });
});

describe('idempotency and races', () => {
  it('answers the same scanId byte for byte, also when sent ten times at once (I12)', async () => {
    const { batch, budgetId } = await opened();
    const member = await stage.member();
    const id = scanId();
    const texts = await Promise.all(
      Array.from({ length: 10 }, () => stage.scan(member, batch.text(1), { scanId: id })),
    );
    const later = await stage.scan(member, batch.text(1), { scanId: id });
    expect(new Set([...texts, later].map(({ text }) => text)).size).toBe(1);
    expect(later.answer.verdict).toBe('first');
    expect(await reserved(budgetId)).toBe(88);
    expect((await stage.scan(member, batch.text(2), { scanId: id })).kind).toBe('conflict');
  });

  it('refuses a scanId used for two codes at once, and lets nobody else of the group suffer', async () => {
    const { batch, budgetId } = await opened();
    const [member, bystanders] = [await stage.member(), await Promise.all([1, 2, 3, 4].map(() => stage.member()))];
    const id = scanId();
    const results = await Promise.all([
      ...bystanders.map((other, index) => stage.scan(other, batch.text(10 + index))),
      stage.scan(member, batch.text(1), { scanId: id }),
      stage.scan(member, batch.text(2), { scanId: id }),
    ]);
    expect(results.map(({ kind }) => kind).sort()).toEqual([...Array<string>(5).fill('answered'), 'conflict']);
    expect(await reserved(budgetId)).toBe(5 * 88);
  });

  it('lets one of many phones win each code (I11)', async () => {
    const { batch, budgetId } = await opened({ caps: [] });
    const members = await Promise.all(Array.from({ length: 20 }, () => stage.member()));
    const serials = Array.from({ length: 20 }, (_, i) => i);
    const scans = members.flatMap((member) => serials.map((serial) => stage.scan(member, batch.text(serial))));
    const answers = await Promise.all(scans);
    const won = answers.filter(({ answer }) => answer.verdict === 'first' && answer.reward);
    expect(won).toHaveLength(20);
    expect(await stage.count('SELECT COUNT(*) FROM awards WHERE batch_id = ?', [batch.id])).toBe(20);
    expect(await stage.count('SELECT SUM(scans) FROM code_claims WHERE batch_id = ?', [batch.id])).toBe(400);
    expect(await reserved(budgetId)).toBe(20 * 88);
  });

  it('gives out the last prizes exactly: neither oversold nor undersold (I13)', async () => {
    const { batch, budgetId, campaignId } = await opened({
      prizes: [cash('big', 500, 7), cash('small', 30)],
      rules: [rule({ all: [] }, [{ key: 'big', odds: 1_000_000 }], 'small')],
    });
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, serial) => stage.scan(await stage.member(), batch.text(serial))),
    );
    const amounts = answers.map(({ answer }) => answer.reward!.amountFen);
    expect(amounts.filter((amount) => amount === 500)).toHaveLength(7);
    expect(amounts.filter((amount) => amount === 30)).toHaveLength(53);
    expect(
      await stage.count("SELECT issued FROM prize_stock WHERE campaign_id = ? AND prize_key = 'big'", [campaignId]),
    ).toBe(7);
    expect(await reserved(budgetId)).toBe(7 * 500 + 53 * 30);
  });

  it('spends a budget to its last fen and not one more, from two nodes at once (I1)', async () => {
    const second = await ScanStage.open();
    const { batch, budgetId } = await opened({}, 88 * 25 + 40);
    const members = await Promise.all(Array.from({ length: 60 }, () => stage.member()));
    const answers = await Promise.all(
      members.map((member, serial) => (serial % 2 ? stage : second).scan(member, batch.text(serial))),
    );
    await second.close();
    expect(answers.filter(({ answer }) => answer.reward)).toHaveLength(25);
    const short = answers.filter(({ answer }) => answer.refusal?.reason === 'budget_short');
    expect(short).toHaveLength(35);
    expect(await reserved(budgetId)).toBe(88 * 25);
    expect(await stage.count('SELECT available_fen FROM budgets WHERE id = ?', [budgetId])).toBe(40);
    const legs = 'SELECT SUM(amount_fen) FROM ledger_legs WHERE account = ?';
    expect(await stage.count(legs, [`budget:${budgetId}:reserved`])).toBe(88 * 25);
  });

  it('holds the daily cap under 200 scans at once by one member (I10)', async () => {
    const { batch } = await opened({ caps: [{ per: 'member', window: 'day', count: 3, fen: null }] });
    const member = await stage.member();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, serial) => stage.scan(member, batch.text(serial))),
    );
    expect(answers.filter(({ answer }) => answer.reward)).toHaveLength(3);
    expect(answers.filter(({ answer }) => answer.refusal?.reason === 'cap_reached')).toHaveLength(197);
  });

  it('never pays once a freeze has committed, toggled in a loop (I14)', async () => {
    const { batch, campaignId } = await opened();
    const turn = (to: 'pause' | 'resume') =>
      stage.app.get(SwitchCampaign).run({ campaignId, switch: to, by: 1, reason: '演练' });
    for (let round = 0; round < 5; round++) {
      await turn('pause');
      const paused = await stage.scan(await stage.member(), batch.text(round));
      expect(paused.answer).toMatchObject({ reward: null, refusal: { reason: 'paused' } });
      await turn('resume');
      const live = await stage.scan(await stage.member(), batch.text(round));
      expect(live.answer.reward).not.toBeNull();
    }
    await stage.app.get(FreezeRange).run({ batchId: batch.id, layer: 0, from: 500, to: 600 }, act);
    expect((await stage.scan(await stage.member(), batch.text(500))).answer.verdict).toBe('frozen');
  });

  it('needs no second connection inside its transaction', async () => {
    const narrow = await ScanStage.open({ poolSize: 1 });
    const { batch } = await opened();
    const member = await stage.member();
    expect((await narrow.scan(member, batch.text(1))).answer.reward).not.toBeNull();
    expect((await narrow.scan(member, batch.text(1))).answer.repeat).toMatchObject({ mine: true });
    await narrow.close();
  });
});

describe('every refusal: refused, cured, wins', () => {
  it('not_active: activated later', async () => {
    const batch = await stage.batch({ active: false });
    await stage.campaign({ batches: [batch.id], budgetId: await stage.budget(10_000) });
    const member = await stage.member();
    expect((await stage.scan(member, batch.text(1))).answer.refusal!.reason).toBe('not_active');
    await stage.app.get(ActivateRange).run({ batchId: batch.id, layer: 0, from: 0, to: 10 }, act);
    expect((await stage.scan(member, batch.text(1))).answer).toMatchObject({
      verdict: 'first',
      reward: { amountFen: 88 },
    });
  });

  it('cap_reached: anybody else may take the bottle', async () => {
    const { batch } = await opened({ caps: [{ per: 'member', window: 'day', count: 1, fen: null }] });
    const member = await stage.member();
    await stage.scan(member, batch.text(1));
    const refused = (await stage.scan(member, batch.text(2))).answer;
    expect(refused).toMatchObject({ verdict: 'first', refusal: { reason: 'cap_reached', cure: { action: 'wait' } } });
    expect(refused.refusal!.message).toContain('今天已领 1 次');
    expect((await stage.scan(await stage.member(), batch.text(2))).answer.reward).toMatchObject({ amountFen: 88 });
  });

  it('place_needed: a location wins the regional prize; held for the member meanwhile; going without wins the nationwide one', async () => {
    const { batch } = await opened({
      prizes: [cash('city', 300), cash('nation', 60)],
      rules: [
        rule(within(340100), [{ key: 'city', odds: 1_000_000 }]),
        { ...rule({ all: [] }, [{ key: 'nation', odds: 1_000_000 }]), key: 'r2' },
      ],
    });
    const member = await stage.member();
    const refused = (await stage.scan(member, batch.text(1))).answer;
    expect(refused.refusal).toMatchObject({ reason: 'place_needed', cure: { action: 'location', nationwide: true } });
    expect((await stage.scan(await stage.member(), batch.text(1), { location: HEFEI })).answer.refusal!.reason).toBe(
      'held',
    );
    const cured = (await stage.scan(member, batch.text(1), { location: HEFEI })).answer;
    expect(cured).toMatchObject({ verdict: 'first', reward: { amountFen: 300 } });
    const without = (await stage.scan(member, batch.text(2), { withoutLocation: true })).answer;
    expect(without.reward).toMatchObject({ amountFen: 60 });
    const disputed = (await stage.scan(member, batch.text(3), { location: NANJING, withoutLocation: true })).answer;
    expect(disputed.reward).toMatchObject({ amountFen: 60 });
  });

  it('not_started: wins once the campaign runs', async () => {
    const batch = await stage.batch();
    const budgetId = await stage.budget(10_000);
    const period = (from: string) => ({ zone: 'Asia/Shanghai' as const, from, to: '2099-01-01T00:00' });
    const legal = { ...campaignTemplate('', 0).legal, claimUntil: '2099-02-01T00:00' };
    const opening = { batches: [batch.id], budgetId, legal, period: period('2098-01-01T00:00') };
    const { publish } = await stage.campaign(opening);
    const member = await stage.member();
    expect((await stage.scan(member, batch.text(1))).answer.refusal).toMatchObject({
      reason: 'not_started',
      cure: { action: 'wait' },
    });
    await publish({ legal, period: period('2026-01-01T00:00') });
    expect((await stage.scan(member, batch.text(1))).answer).toMatchObject({
      verdict: 'first',
      reward: { amountFen: 88 },
    });
  });

  it('paused: wins after it was resumed', async () => {
    const { batch, campaignId } = await opened();
    const turn = (to: 'pause' | 'resume') =>
      stage.app.get(SwitchCampaign).run({ campaignId, switch: to, by: 1, reason: '盘点' });
    await turn('pause');
    const member = await stage.member();
    expect((await stage.scan(member, batch.text(1))).answer.refusal!.reason).toBe('paused');
    await turn('resume');
    expect((await stage.scan(member, batch.text(1))).answer.reward).toMatchObject({ amountFen: 88 });
  });

  it('budget_short: a promised prize never becomes 谢谢参与, and is paid after a grant', async () => {
    const { batch, publish } = await opened({}, 50);
    const member = await stage.member();
    expect((await stage.scan(member, batch.text(1))).answer).toMatchObject({
      reward: null,
      refusal: { reason: 'budget_short' },
    });
    const richer = await stage.budget(10_000);
    await publish({ budgetId: richer });
    expect((await stage.scan(member, batch.text(1))).answer.reward).toMatchObject({ amountFen: 88 });
  });

  it('no_rule: the code stays unclaimed and wins when a campaign comes', async () => {
    const batch = await stage.batch();
    const member = await stage.member();
    expect((await stage.scan(member, batch.text(1))).answer).toMatchObject({
      verdict: 'first',
      refusal: { reason: 'no_rule' },
    });
    await stage.campaign({ batches: [batch.id], budgetId: await stage.budget(10_000) });
    expect((await stage.scan(member, batch.text(1))).answer.reward).toMatchObject({ amountFen: 88 });
  });

  it('谢谢参与 uses the code up', async () => {
    const { batch } = await opened({
      prizes: [{ kind: 'nothing', key: 'none', name: '谢谢参与' }],
      rules: [rule({ all: [] }, [{ key: 'none', odds: 1_000_000 }])],
      budgetId: null,
    });
    const member = await stage.member();
    expect((await stage.scan(member, batch.text(1))).answer.reward).toMatchObject({ kind: 'nothing', amountFen: null });
    const other = await stage.scan(await stage.member(), batch.text(1));
    expect(other.answer).toMatchObject({ verdict: 'repeat', reward: null });
  });
});

describe('which campaign, ordinals, explanation', () => {
  it('asks burst before regional before base, and counts the member’s n-th code', async () => {
    const { batch, budgetId } = await opened();
    await stage.campaign({
      ...{ batches: [batch.id], budgetId, lane: 'regional' as const, priority: 1 },
      prizes: [cash('anhui', 200)],
      rules: [
        rule({ all: [within(340000), { field: 'nthScan', op: 'eq', value: 2 }] }, [{ key: 'anhui', odds: 1_000_000 }]),
      ],
    });
    const member = await stage.member();
    const amounts = [];
    for (const serial of [1, 2, 3])
      amounts.push((await stage.scan(member, batch.text(serial))).answer.reward!.amountFen);
    expect(amounts).toEqual([88, 200, 88]);
    const elsewhere = await stage.member();
    await stage.scan(elsewhere, batch.text(4), { ip: null });
    expect(
      (await stage.scan(elsewhere, batch.text(5), { ip: null, withoutLocation: true })).answer.reward!.amountFen,
    ).toBe(88);
  });

  it('explains in Chinese, and deciding again gives what was given (I15)', async () => {
    const { batch } = await opened();
    const member = await stage.member();
    const id = scanId();
    const { answer } = await stage.scan(member, batch.text(1), { scanId: id, ip: HEFEI_IP });
    const explained = await stage.app.get(ExplainScan).run(`${member}-${id}`);
    expect(explained.decision).toMatchObject({ kind: 'award', amountFen: answer.reward!.amountFen });
    expect(explained.sentences.join('')).toMatch(/人人有奖/);
    expect(explained.scan.place).toContain('合肥');
    const repeat = await stage.scan(member, batch.text(1), { scanId: scanId() });
    expect(repeat.answer.verdict).toBe('repeat');
    await expect(stage.app.get(ExplainScan).run(`${member}-${scanId()}`)).rejects.toMatchObject({ status: 404 });
    const list = stage.app.get(ScanList);
    const national = issueScope({ kind: 'national' });
    const listed = await list.page(national, { code: batch.text(1) }, { limit: 1 });
    expect(listed.items).toHaveLength(1);
    const next = await list.page(national, { code: batch.text(1) }, { limit: 1, cursor: listed.nextCursor });
    expect([listed.items[0]!.verdict, next.items[0]!.verdict, next.nextCursor]).toEqual(['repeat', 'first', null]);
  });

  it('writes one outbox row per station and group, with ids only', async () => {
    const { batch } = await opened();
    const member = await stage.member();
    const id = scanId();
    await stage.scan(member, batch.text(1), { scanId: id });
    const rows = await stage.db.database.query<{ job: Buffer; payload: string }>(
      "SELECT job, payload FROM outbox WHERE payload LIKE CONCAT('%', ?, '%') ORDER BY id",
      [id],
    );
    expect(rows.map(({ job }) => job.toString())).toEqual(['members.scans-recorded', 'analytics.scans-recorded']);
    expect(JSON.parse(rows[0]!.payload)).toEqual({ scans: [[member, id]] });
    expect(codeKey(batch.code(1))).toMatch(/^\d+:0:1$/);
  });
});

function decoded(text: string) {
  const triple = stage.app.get(CodeBook).decode(text);
  if (typeof triple === 'string') throw new Error('not a code');
  return triple;
}
