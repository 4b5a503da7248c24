import { Workbook } from 'exceljs';
import { CreateDistributor } from '@app/channel';
import { addDays, shanghaiDay } from '@app/kernel';
import { until } from '@app/testing';
import { ApiRig, type Desk } from './rig';

let rig: ApiRig;
let [author, approver]: Desk[] = [];
jest.setTimeout(60_000);
beforeAll(async () => {
  rig = await ApiRig.open();
  await rig.startWorker();
  [author, approver] = [await rig.desk(), await rig.desk()];
});
afterAll(() => rig.close());

const today = shanghaiDay(new Date());
const api = '/v1/console';
const days = { from: addDays(today, -30), to: addDays(today, 1) };

/** A bottle that was scanned in 合肥, won 88 fen and paid out: campaign, budget and grant of it. */
async function paidPrize(): Promise<{ campaignId: number; budgetId: number; grantId: number; billNo: string }> {
  const batch = await rig.batch();
  const campaignId = await rig.campaign([batch.id]);
  const phone = await rig.phone();
  const { body: answer } = await phone.scan(batch.text(1)).expect(200);
  const { awardId } = answer.reward;
  await phone.agent.post(`/v1/h5/awards/${awardId}/claim`).expect(202);
  await phone.award(awardId, 'confirm');
  const [bill] = (await rig.sandbox.bills()).filter(({ state }) => state === 'WAIT_USER_CONFIRM');
  await rig.sandbox.admin('POST', `/transfers/${bill!.outBillNo}/confirm`, {});
  await phone.agent.post(`/v1/h5/awards/${awardId}/refresh`).expect(200);
  await phone.award(awardId, 'settled');
  const budgetId = await rig.count('SELECT budget_id FROM awards WHERE campaign_id = ?', [campaignId]);
  const { body } = await author!.get(`${api}/grants`).query({ budgetId }).expect(200);
  return { campaignId, budgetId, grantId: body.items[0].id, billNo: bill!.outBillNo };
}

it('finance downloads what was won, paid and is open, and writes it off with two signatures', async () => {
  const { campaignId, budgetId, grantId, billNo } = await paidPrize();
  const question = { ...days, level: 'city', campaignId };
  const statement = await until('the win is counted', async () => {
    const { body } = await author!.get(`${api}/statements`).query(question).expect(200);
    return body.total.awardedFen === 88 ? body : null;
  });
  expect(statement.total).toMatchObject({ openingFen: 0, settledFen: 88, refundedFen: 0, releasedFen: 0, openFen: 0 });
  expect(statement.items).toEqual([
    expect.objectContaining({ day: today, campaignId, adcode: 340100, regionName: '安徽省 合肥市', settledFen: 88 }),
  ]);
  const csv = await author!.get(`${api}/statements.csv`).query(question).buffer(true).expect(200);
  expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(csv.text).toContain('安徽省 合肥市,0.88,0.88,0.00,0.00,0.00');
  const rows = await sheetOf(author!.get(`${api}/statements.xlsx`).query(question));
  expect(rows[1]!.slice(3)).toEqual([340100, '安徽省 合肥市', 0.88, 0.88, 0, 0, 0]);

  const { body: own } = await author!.get(`${api}/budgets/${budgetId}/statement`).query(days).expect(200);
  expect(own.closing).toEqual({ grantedFen: 1_000_000, availableFen: 999_912, reservedFen: 0, settledFen: 88 });

  const period = { from: days.from, to: today, final: true, memo: '十一月核销' };
  await rig.db.asOwner.query('UPDATE grant_uses SET at = at - INTERVAL 2 DAY WHERE grant_id = ?', [grantId]);
  await author!
    .post(`${api}/write-offs`)
    .send({ grantId, ...period, to: days.to })
    .expect(409);
  const { body: made } = await author!
    .post(`${api}/write-offs`)
    .send({ grantId, ...period })
    .expect(201);
  const sheet = `${api}/write-offs/${made.id}`;
  const { body: read } = await approver!.get(sheet).expect(200);
  expect(read.content).toMatchObject({ netFen: 88, unspentFen: 999_912, lines: 1, final: true });
  const signature = { contentHash: read.contentHash };
  await approver!.post(`${sheet}/approve`).send(signature).expect(409);
  await author!.post(`${sheet}/sign`).send(signature).expect(200, { outcome: 'signed' });
  await author!.post(`${sheet}/approve`).send(signature).expect(403);
  await approver!.post(`${sheet}/approve`).send(signature).expect(204);
  await author!.put(sheet).send(period).expect(409);

  const { body: lines } = await author!.get(`${sheet}/lines`).expect(200);
  expect(lines.items).toEqual([expect.objectContaining({ fen: 88, billNo, act: 'settle' })]);
  expect(lines.items[0].awards).toEqual([expect.objectContaining({ fen: 88, adcode: 340100 })]);
  const evidence = await author!.get(`${sheet}/lines.csv`).buffer(true).expect(200);
  expect(evidence.text).toContain(billNo);
  const closed = await author!
    .get(`${api}/write-offs.csv`)
    .query({ ...days, expenseAccount: '促销费' })
    .buffer(true)
    .expect(200);
  expect(closed.text).toContain(`促销费,${made.id},`);
  expect(closed.text).toContain('0.88,0.00,0.88,9999.12,1,');
  expect(closed.text.trim().split('\n').at(-1)).toContain('促销费,小计,');
  const book = await sheetOf(author!.get(`${api}/write-offs.xlsx`).query(days));
  expect(book.some((row) => row[1] === String(made.id) && row[9] === 0.88)).toBe(true);
  const { body: after } = await author!.get(`${api}/budgets/${budgetId}/statement`).query(days).expect(200);
  expect(after.closing).toEqual({ grantedFen: 88, availableFen: 0, reservedFen: 0, settledFen: 88 });
  await rig.db.asOwner.query('UPDATE grant_uses SET at = at + INTERVAL 2 DAY WHERE grant_id = ?', [grantId]);
});

it('corrections and grants need two people, each act is written down', async () => {
  const legs = [
    { account: `merchant:${rig.sandbox.mchId}`, amountFen: 500 },
    { account: 'outside', amountFen: -500 },
  ];
  const { body: made } = await author!.post(`${api}/corrections`).send({ legs, reason: '期初余额' }).expect(201);
  await author!.post(`${api}/corrections/${made.id}/approve`).expect(403);
  await approver!.post(`${api}/corrections/${made.id}/approve`).expect(200, { outcome: 'approved' });
  await approver!.post(`${api}/corrections/${made.id}/approve`).expect(200, { outcome: 'already' });
  await author!
    .post(`${api}/corrections`)
    .send({ legs: legs.slice(1), reason: '缺一条' })
    .expect(400);
  await author!
    .post(`${api}/corrections`)
    .send({ legs: [legs[0], legs[0]], reason: '不平' })
    .expect(422);
  const { body: list } = await author!.get(`${api}/corrections`).expect(200);
  expect(list.items[0]).toMatchObject({ id: made.id, status: 'approved', legs });
  const acts = await rig.count('SELECT COUNT(*) FROM audit_log WHERE object = ?', [`correction:${made.id}`]);
  expect(acts).toBe(3);

  const budgetId = await rig.budget();
  const words = { expenseAccount: '促销费', costCenter: '市场部', bearer: 'hq' };
  const ask = async (applicationNo: string): Promise<number> => {
    const grant = { amountFen: 100, applicationNo, ...words };
    const { body } = await author!.post(`${api}/budgets/${budgetId}/grants`).send(grant).expect(201);
    return body.id;
  };
  const [one, other] = [await ask('FY-1'), await ask('FY-2')];
  await author!.post(`${api}/grants/${one}/reject`).send({ note: '不行' }).expect(403);
  await approver!.post(`${api}/grants/${one}/reject`).send({ note: '超出年度额度' }).expect(204);
  await approver!.post(`${api}/grants/${other}/withdraw`).send({ note: '不行' }).expect(403);
  await author!.post(`${api}/grants/${other}/withdraw`).send({ note: '写错金额' }).expect(204);
  await approver!.post(`${api}/grants/${one}/approve`).expect(409);
  const { body: refused } = await author!.get(`${api}/grants`).query({ budgetId, status: 'rejected' }).expect(200);
  expect(refused.items).toEqual([expect.objectContaining({ id: one, note: '超出年度额度' })]);
});

it('is for headquarters only, and says what is wrong with a question', async () => {
  const distributorId = await rig.get(CreateDistributor).run(null, { name: '对账单外的经销商' });
  const distributor = await rig.desk({ role: 'distributor', distributorId });
  for (const path of [
    'statements',
    'statements.csv',
    'statements.xlsx',
    'write-offs',
    'write-offs.csv',
    'corrections',
    'grants',
  ]) {
    await distributor.get(`${api}/${path}`).query(days).expect(403);
  }
  for (const file of ['statements', 'statements.csv', 'statements.xlsx', 'write-offs.csv']) {
    const { body } = await author!.get(`${api}/${file}`).query({ from: today, to: today }).expect(422);
    expect(body.error.code).toBe('bad_range');
  }
  await author!.get(`${api}/write-offs/4000000000`).expect(404);
  await author!.get(`${api}/write-offs/4000000000/lines.xlsx`).expect(404);
});

async function sheetOf(request: ReturnType<Desk['get']>): Promise<unknown[][]> {
  const { body } = await request
    .buffer(true)
    .parse((stream, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(Buffer.from(part)));
      stream.on('end', () => done(null, Buffer.concat(parts)));
    })
    .expect(200);
  const book = new Workbook();
  await book.xlsx.load(body as ArrayBuffer);
  const rows: unknown[][] = [];
  book.worksheets[0]!.eachRow((row) => rows.push((row.values as unknown[]).slice(1)));
  return rows;
}
