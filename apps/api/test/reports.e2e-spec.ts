import { get, type IncomingMessage } from 'node:http';
import { AssignTerritory, CreateDistributor } from '@app/channel';
import { FEWEST_COMPARED, PeopleWindows, PayoutDays, RebuildDay } from '@app/analytics';
import { addDays, shanghaiDay, shanghaiDayStart } from '@app/kernel';
import { UnitOfWork } from '@app/database';
import { plantScans, until, type PlantedScan } from '@app/testing';
import { LiveRooms } from '../src/console/reports/live-rooms';
import { ApiRig, type Desk } from './rig';

const [HEFEI, SHUSHAN, NANJING] = [340_100, 340_104, 320_100];

let rig: ApiRig;
let hq: Desk;
let ours: Desk;
let theirs: Desk;
let ids: [number, number];
const today = shanghaiDay(new Date());
const days = (from: number, to = 0) => `from=${addDays(today, -from)}&to=${addDays(today, -to)}`;

beforeAll(async () => {
  // The country's sums and the number of distributors are part of the story, so nobody else may write here.
  rig = await ApiRig.open({ own: `reports${Date.now() % 1_000_000}` });
  const make = (name: string) => rig.get(CreateDistributor).run(null, { name });
  ids = [await make('安徽徽茗'), await make('江苏金陵')];
  const since = { from: new Date('2026-01-01T00:00:00+08:00'), to: null, productLine: null };
  await rig.get(AssignTerritory).run(null, { distributorId: ids[0], adcode: 340_000, ...since });
  hq = await rig.desk();
  ours = await rig.desk({ roles: ['distributor'], distributorId: ids[0] });
  theirs = await rig.desk({ roles: ['distributor'], distributorId: ids[1] });
  await plantScans(rig.get(UnitOfWork), someScans());
  for (const back of [0, 1, 2]) await rig.get(RebuildDay).run(addDays(today, -back));
  await rig.get(PeopleWindows).runTo(addDays(today, -1));
  await rig.get(PayoutDays).run();
});
afterAll(() => rig.close());

/** Ours: two people, one of them on two days; theirs: three; one scan in nobody's territory, of an unknown place. */
function someScans(): PlantedScan[] {
  const at = (back: number) => new Date(shanghaiDayStart(addDays(today, -back)).getTime() + 1_000);
  const opened = { firstOfCode: true, counted: true, amountFen: 100 };
  const anhui = { adcode: SHUSHAN, distributorId: ids[0], campaignId: 7, ...opened };
  const jiangsu = { adcode: NANJING, distributorId: ids[1], campaignId: 7, ...opened };
  return [
    { memberId: 1, at: at(1), newMember: true, ...anhui },
    { memberId: 1, at: at(2), ...anhui },
    { memberId: 2, at: at(1), newMember: true, ...anhui, adcode: HEFEI },
    { memberId: 2, at: at(0), ...anhui },
    { memberId: 3, at: at(1), newMember: true, ...jiangsu },
    { memberId: 4, at: at(1), newMember: true, ...jiangsu },
    { memberId: 5, at: at(1), newMember: true, ...jiangsu },
    { memberId: 6, at: at(1), adcode: null, distributorId: null, amountFen: 0 },
  ];
}

const told = async (desk: Desk, path: string) => (await desk.get(`/v1/console/${path}`).expect(200)).body;

describe('a distributor sees its own', () => {
  it('in the key figures, with people counted when the days were over', async () => {
    const mine = await told(ours, `reports/figures?${days(7)}`);
    expect(mine.now.sums).toEqual({ scans: 3, opened: 3, wins: 3, awardedFen: 300, newMembers: 2 });
    expect(mine.now.people).toEqual({ people: 2, openers: 2, repeaters: 1 });
    expect(mine.codes).toBeNull();
    expect(mine.repeat7.now).toEqual({ people: 2, openers: 2, repeaters: 1 });
    const all = await told(hq, `reports/figures?${days(7)}`);
    expect(all.now.sums).toMatchObject({ scans: 7, awardedFen: 600 });
    expect(all.now.people.people).toBe(6);
    expect(all.codes).not.toBeNull();
  });

  it('in the trend, the goods and the comparison', async () => {
    const trend = await told(ours, `reports/trend?${days(2, -1)}`);
    expect(trend.days.map((day: { scans: number; people: number | null }) => [day.scans, day.people])).toEqual([
      [1, 1],
      [2, 2],
      [1, null],
    ]);
    const items = await told(theirs, `reports/items?${days(7)}`);
    expect(items.products.map(({ scans }: { scans: number }) => scans)).toEqual([3]);
    const { spans, standing, basis } = await told(ours, 'reports/comparison');
    expect(basis).toBe('扫码地');
    expect(spans[0].now).toMatchObject({ scans: 2, people: 2, newMembers: 2, returning: 0 });
    expect(standing).toBeNull();
  });

  it('place by place, where the unknown has a row and the sum is the whole', async () => {
    const country = await told(hq, `reports/places?${days(7)}`);
    expect(country.rows.map(({ name, scans }: { name: string; scans: number }) => [name, scans])).toEqual([
      ['江苏省', 3],
      ['安徽省', 3],
      ['地点未知', 1],
    ]);
    expect(country.total).toMatchObject({ scans: 7, people: 6 });
    const mine = await told(ours, `reports/places?${days(7)}`);
    expect(mine.rows).toHaveLength(1);
    const districts = await told(ours, `reports/places?${days(7)}&parent=${HEFEI}`);
    expect(districts.rows.map(({ adcode, scans, rest }: Row) => [adcode, scans, rest])).toEqual([
      [SHUSHAN, 2, false],
      [HEFEI, 1, true],
    ]);
    const refused = await ours.get(`/v1/console/reports/places?${days(7)}&parent=320000`).expect(403);
    expect(refused.body.error).toMatchObject({ code: 'not_your_area', message: '江苏省不在您的区域内' });
  });

  it('in the regional report, its pages and its files, whatever it asks for', async () => {
    const path = `reports/region-table?${days(7)}&level=city`;
    const first = await told(hq, `${path}&limit=2`);
    expect(first).toMatchObject({ basis: '扫码地', regions: 3, total: { scans: 7 } });
    const rest = await told(hq, `${path}&limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items].reduce((sum: number, row: Row) => sum + row.scans, 0)).toBe(7);
    expect(rest.nextCursor).toBeNull();
    expect((await told(ours, path)).items.map(({ adcode }: Row) => adcode)).toEqual([HEFEI]);
    expect((await told(ours, `${path}&distributorId=${ids[1]}`)).items).toEqual([]);
    expect((await told(hq, `${path}&distributorId=${ids[1]}`)).total.scans).toBe(3);
    const csv = await ours.get(`/v1/console/reports/region-table.csv?${days(7)}&level=city`).expect(200);
    expect(csv.text).toContain('安徽省 合肥市,340100,扫码地,3');
    expect(csv.text).not.toContain('江苏');
    const xlsx = await ours.get(`/v1/console/reports/region-table.xlsx?${days(7)}&level=city`).expect(200);
    expect(xlsx.headers['content-type']).toContain('spreadsheetml');
    const fine = await hq.get(`/v1/console/reports/region-table?${days(7)}&level=district&productId=1`).expect(422);
    expect(fine.body.error.code).toBe('too_fine');
  });

  it('and nothing that waits for headquarters, nor its budgets', async () => {
    expect((await told(ours, 'reports/waiting')).items).toEqual([]);
    await ours.get('/v1/console/reports/budgets').expect(403);
    await told(hq, 'reports/budgets');
  });
});

interface Row {
  readonly adcode: number | null;
  readonly scans: number;
  readonly rest: boolean;
}

it('shows a rank and a mean only when headquarters says so, and never of fewer than five', async () => {
  const owner = await rig.desk({ roles: ['owner'] });
  const refused = await owner.put('/v1/console/report-settings').send({ rankShown: true }).expect(422);
  expect(refused.body.error.code).toBe('too_few_distributors');
  await ours.put('/v1/console/report-settings').send({ rankShown: true }).expect(403);
  const more: number[] = [];
  for (let made = 2; made < FEWEST_COMPARED; made++) {
    more.push(await rig.get(CreateDistributor).run(null, { name: `经销商 ${made}` }));
  }
  await owner.put('/v1/console/report-settings').send({ rankShown: true }).expect(200);
  // Five there are, but two of them have scans: a mean of two tells what the other has.
  expect((await told(ours, 'reports/comparison')).standing).toBeNull();
  const at = shanghaiDayStart(addDays(today, -1));
  await plantScans(
    rig.get(UnitOfWork),
    more.map((distributorId, at2) => ({ memberId: 90 + at2, at, distributorId })),
  );
  await rig.get(RebuildDay).run(addDays(today, -1));
  const { standing } = await told(ours, 'reports/comparison');
  expect(standing).toMatchObject({ of: 5, scans: 3, averageScans: 2 });
  expect((await told(hq, 'reports/comparison')).standing).toBeNull();
  await owner.put('/v1/console/report-settings').send({ rankShown: false }).expect(200);
  expect((await told(ours, 'reports/comparison')).standing).toBeNull();
});

describe('today, live', () => {
  it('tells each its own as it happens, asks the database once for all of a scope, and ends with the session', async () => {
    const lines = await Promise.all([listen(ours), listen(ours), listen(theirs), listen(hq)]);
    await until('everybody was told', () => Promise.resolve(lines.every(({ figures }) => figures.length > 0)));
    expect(rig.get(LiveRooms).counts()).toEqual({ rooms: 3, watchers: 4 });
    const [mine, , other, all] = lines.map(({ figures }) => figures[0]!);
    expect([mine!.today.scans, other!.today.scans, all!.today.scans]).toEqual([1, 0, 1]);
    expect(mine!.places.map(({ adcode }) => adcode)).toEqual([HEFEI]);
    expect(other!.places).toEqual([]);

    const scan = {
      memberId: 77,
      at: new Date(),
      adcode: NANJING,
      distributorId: ids[1],
      amountFen: 188,
      counted: true,
    };
    await plantScans(rig.get(UnitOfWork), [scan]);
    await rig.get(RebuildDay).run(today);
    await until('the scan is seen', () => Promise.resolve(lines[2]!.figures.at(-1)!.today.scans === 1), 5_000);
    expect(lines[2]!.figures.at(-1)!.latest).toMatchObject([
      { adcode: NANJING, place: '江苏省 南京市', amountFen: 188 },
    ]);
    await until('and at headquarters', () => Promise.resolve(lines[3]!.figures.at(-1)!.today.scans === 2), 5_000);
    expect(lines[0]!.figures.at(-1)!.today.scans).toBe(1);
    expect(JSON.stringify(lines[0]!.figures)).not.toContain('南京');
    expect(JSON.stringify(lines[2]!.figures)).not.toContain('77,');

    await theirs.post('/v1/console/logout').expect(204);
    await until('the line is closed', () => Promise.resolve(lines[2]!.ended), 10_000);
    expect(lines[2]!.why).toBe('session');
    for (const line of lines) line.close();
    await until('nobody watches', () => Promise.resolve(rig.get(LiveRooms).counts().rooms === 0), 5_000);
  });

  it('is refused without a session, and to whoever does not read a stream', async () => {
    await rig.http.get('/v1/console/live').expect(401);
    const { body } = await ours.get('/v1/console/live').expect(400);
    expect(body.error.code).toBe('stream_only');
  });
});

interface Told {
  readonly today: { readonly scans: number };
  readonly places: readonly { readonly adcode: number | null }[];
  readonly latest: readonly unknown[];
}

interface Line {
  readonly figures: Told[];
  ended: boolean;
  why: string | null;
  close(): void;
}

/** What a browser's EventSource hears. */
async function listen(desk: Desk): Promise<Line> {
  const cookie = desk.jar
    .getCookies({ domain: '127.0.0.1', path: '/v1/console', secure: false, script: false })
    .toValueString();
  const line: Line = { figures: [], ended: false, why: null, close: () => request.destroy() };
  const request = get({
    host: '127.0.0.1',
    port: rig.port,
    path: '/v1/console/live',
    headers: { cookie, accept: 'text/event-stream' },
  });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
  request.on('error', () => undefined);
  expect(answer.headers['content-type']).toContain('text/event-stream');
  let text = '';
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (text += chunk).split('\n\n');
    text = parts.pop()!;
    for (const part of parts) hear(line, part);
  });
  answer.on('close', () => (line.ended = true)).on('error', () => undefined);
  return line;
}

function hear(line: Line, part: string): void {
  const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
  if (event === 'figures') line.figures.push(JSON.parse(data!) as Told);
  if (event === 'end') line.why = (JSON.parse(data!) as { why: string }).why;
}
