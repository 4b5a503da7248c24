import { CodeCatalog, CodePacks, FreezeBatch, PackLeaks, type AskedPack } from '@app/codes';
import { UnitOfWork } from '@app/database';
import type { Delivery } from '@app/jobs';
import type { Operator } from '@app/staff';
import { HoneyScannedHandler } from './honey-scanned.handler';
import { ScanStage } from './scan-stage.contract';

let stage: ScanStage;
beforeAll(async () => {
  stage = await ScanStage.open();
});
afterAll(() => stage.close());

const asker: Operator = { id: 910_001, login: 'a', name: '甲', roles: ['marketer'], distributorId: null };
const guard: Operator = { ...asker, id: 910_002, roles: ['risk'] };
const SHANGHAI_IP = '202.96.209.5';

/** A batch on sale whose every code wins, and a pack of it with honey codes behind serial 999. */
async function trapped(change: Partial<AskedPack> = {}) {
  const batch = await stage.batch();
  const budgetId = await stage.budget(100_000);
  await stage.campaign({ batches: [batch.id], budgetId });
  const usual = { batchId: batch.id, layer: 0, from: 0, to: 1000, withSerial: false, form: 'zip', note: '' } as const;
  const pack = { ...usual, receiver: '佛山印厂', rollSize: 500, firstRoll: 31, ...change };
  const { id } = await stage.app.get(CodePacks).request(asker, pack);
  // Nodes look every few seconds; no pack is out sooner.
  await stage.app.get(CodeCatalog).refreshAll();
  return { batch, packId: id, budgetId };
}

const alarms = async (): Promise<{ id: string; scans: [number, string][] }[]> => {
  const rows = await stage.db.database.query<{ id: string; payload: string }>(
    "SELECT id, payload FROM outbox WHERE job = 'scans.honey-scanned' ORDER BY id",
  );
  return rows.map(({ id, payload }) => ({ id, ...(JSON.parse(payload) as { scans: [number, string][] }) }));
};

/** Hands every alarm that waits to its handler, `times` times, as a queue may. */
async function deliver(times = 1): Promise<void> {
  const handler = stage.app.get(HoneyScannedHandler);
  const delivery: Delivery = { outboxId: '0', delivery: 1, completeIn: () => Promise.resolve(true) };
  const waiting = await alarms();
  for (let n = 0; n < times; n++) for (const { scans } of waiting) await handler.handle({ scans }, delivery);
  await stage.db.asOwner.query("DELETE FROM outbox WHERE job = 'scans.honey-scanned'");
}

describe('a scan of a honey code', () => {
  it('answers word for word as a code that nobody put on sale, takes nothing and wins nothing', async () => {
    const { batch, budgetId } = await trapped();
    const idle = await stage.batch({ active: false });
    const member = await stage.member();
    const [trap, plain] = [await stage.scan(member, batch.text(1000)), await stage.scan(member, idle.text(5))];
    const shape = ({ text }: typeof trap) => {
      const { scanId, code, scannedAt, ...answer } = JSON.parse(text) as Record<string, unknown>;
      expect([typeof scanId, typeof code, typeof scannedAt]).toEqual(['string', 'string', 'string']);
      return JSON.stringify(answer);
    };
    expect(trap.kind).toBe('answered');
    expect(trap.answer).toMatchObject({ verdict: 'not_active', reward: null, repeat: null });
    expect(shape(trap)).toBe(shape(plain));
    expect(await stage.count('SELECT COUNT(*) FROM code_claims WHERE batch_id = ?', [batch.id])).toBe(0);
    expect(await stage.count('SELECT reserved_fen FROM budgets WHERE id = ?', [budgetId])).toBe(0);
    // The bottles beside it win as ever.
    expect((await stage.scan(member, batch.text(999))).answer).toMatchObject({
      verdict: 'first',
      reward: { kind: 'cash' },
    });
    expect((await stage.scan(member, batch.text(1004))).kind).toBe('unknown');
    await deliver();
  });

  it('raises one alarm that names the pack, the roll, the time and the place, however often it is delivered', async () => {
    const { batch, packId } = await trapped();
    const [thief, buyer] = [await stage.member(), await stage.member()];
    await stage.scan(thief, batch.text(1002));
    await stage.scan(buyer, batch.text(1002), { ip: SHANGHAI_IP });
    await stage.scan(buyer, batch.text(1000), { ip: SHANGHAI_IP });
    await stage.scan(thief, batch.text(3));
    expect((await alarms()).flatMap(({ scans }) => scans)).toHaveLength(3);
    await deliver(2);
    const leaks = stage.app.get(PackLeaks);
    const mine = async (closed?: boolean) => {
      const { items } = await leaks.page({ limit: 100, ...(closed !== undefined && { closed }) });
      return items.filter((leak) => leak.packId === packId);
    };
    const [leak] = await mine(false);
    expect(leak).toMatchObject({
      ...{ receiver: '佛山印厂', batchId: batch.id, state: 'requested', scans: 3, members: 2, codes: 2 },
      ...{ rolls: [31, 32], closed: null },
    });
    const seen = await leaks.scans(packId, { limit: 2 });
    expect(seen.items.map(({ memberId, roll, adcode }) => [memberId, roll, Math.floor(adcode! / 10_000)])).toEqual([
      [buyer, 31, 31],
      [buyer, 32, 31],
    ]);
    const rest = await leaks.scans(packId, { limit: 2, cursor: seen.nextCursor });
    expect(rest.items.map(({ memberId, roll, adcode }) => [memberId, roll, adcode])).toEqual([[thief, 32, 340100]]);
    const entries = await stage.count("SELECT COUNT(*) FROM audit_log WHERE act = 'codes.pack-leaked' AND object = ?", [
      `code-pack:${packId}`,
    ]);
    expect(entries).toBe(1);

    // A scan whose alarm comes late was not known to whoever closes it meanwhile.
    await stage.scan(thief, batch.text(1001));
    const close = (note: string) => stage.app.get(UnitOfWork).run((tx) => leaks.close(tx, guard, packId, note));
    await expect(close(' ')).rejects.toMatchObject({ status: 422 });
    await close('印厂夜班外传，已报警，换厂');
    await expect(close('再来')).rejects.toMatchObject({ status: 409 });
    expect([await mine(false), (await mine(true)).map(({ closed }) => closed?.note)]).toEqual([
      [],
      ['印厂夜班外传，已报警，换厂'],
    ]);
    await deliver();
    expect((await mine(false)).map(({ scans, closed }) => [scans, closed])).toEqual([[4, null]]);
    await close('同一批');
    expect(await mine(false)).toEqual([]);
    await stage.scan(thief, batch.text(1003));
    await deliver();
    expect((await mine(false)).map(({ scans, closed }) => [scans, closed])).toEqual([[5, null]]);
  });

  it('says of a stopped batch what all its codes say, and is an alarm all the same', async () => {
    const { batch } = await trapped();
    await stage.app.get(FreezeBatch).run(batch.id, { cause: 'recall', reason: '封口不严' });
    const member = await stage.member();
    expect((await stage.scan(member, batch.text(1001))).answer.verdict).toBe('recalled');
    expect(await alarms()).toHaveLength(1);
    await deliver();
  });

  it('costs no statement: neither scans of other codes, nor the scan that steps on it', async () => {
    const { batch } = await trapped();
    const plain = await stage.batch();
    await stage.campaign({ batches: [plain.id], budgetId: await stage.budget(100_000) });
    const idle = await stage.batch({ active: false });
    const member = await stage.member();
    for (const one of [batch, plain, idle]) await stage.scan(member, one.text(1));
    const unitOfWork = stage.app.get(UnitOfWork);
    const run = unitOfWork.run.bind(unitOfWork);
    const statements = async (text: string): Promise<number> => {
      let sent = 0;
      const counted = jest.spyOn(unitOfWork, 'run').mockImplementation((work) =>
        run((tx) => {
          for (const method of ['query', 'execute', 'insertRows'] as const) {
            const real = tx[method].bind(tx) as (...given: unknown[]) => Promise<never>;
            tx[method] = (...given: unknown[]) => ((sent += 1), real(...given));
          }
          return work(tx);
        }),
      );
      await stage.scan(member, text);
      counted.mockRestore();
      return sent;
    };
    const without = await statements(plain.text(2));
    expect(without).toBeGreaterThan(5);
    expect(await statements(batch.text(2))).toBe(without);
    expect(await alarms()).toEqual([]);
    expect(await statements(batch.text(1000))).toBe(await statements(idle.text(2)));
    expect(await alarms()).toHaveLength(1);
    await deliver();
  });
});
