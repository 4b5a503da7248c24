import { randomUUID } from 'node:crypto';
import { AwardViews } from '@app/rewards';
import type { ScanId } from '@app/kernel';
import { ScanStage } from './scan-stage.contract';

let stage: ScanStage;
beforeAll(async () => {
  stage = await ScanStage.open();
});
afterAll(() => stage.close());

const GREEN = { theme: 'leaf', accent: null, hero: null, logo: null } as const;

it('an answer wears the look of the version that decided, the same bytes for ever, and keeps only its number', async () => {
  const batch = await stage.batch();
  const budgetId = await stage.budget(1_000_000);
  const { publish } = await stage.campaign({ batches: [batch.id], budgetId, look: GREEN });
  const member = await stage.member();
  const scanId = randomUUID() as string as ScanId;
  const first = await stage.scan(member, batch.text(1), { scanId });
  expect(first.answer.look).toMatchObject({ theme: 'leaf', accent: null });

  await publish({ look: { ...GREEN, theme: 'cinnabar', accent: '#1F5FA8' } });
  expect((await stage.scan(member, batch.text(1), { scanId })).text).toBe(first.text);
  const own = await stage.scan(member, batch.text(1));
  expect(own.answer).toMatchObject({ verdict: 'repeat', repeat: { mine: true }, look: { theme: 'leaf' } });
  const next = await stage.scan(member, batch.text(2));
  expect(next.answer.look).toMatchObject({ theme: 'cinnabar', accent: { light: { base: '#1f5fa8' } } });

  const [row] = await stage.db.database.query<{ answer: string }>(
    'SELECT answer FROM scans WHERE member_id = ? AND scan_id = ?',
    [member, scanId],
  );
  expect(row!.answer).toMatch(/"lookOf":\d+\}$/);
  expect(row!.answer).not.toContain('leaf');
  const award = await stage.app.get(AwardViews).one(member, first.answer.reward!.awardId);
  expect(award.look).toEqual(first.answer.look);
});

it('a refusal wears the look of the campaign that refused; without a campaign the page is the brand’s own', async () => {
  const batch = await stage.batch();
  const budgetId = await stage.budget(1_000_000);
  const caps = [{ per: 'member', window: 'day', count: 1, fen: null } as const];
  await stage.campaign({ batches: [batch.id], budgetId, look: GREEN, caps });
  const member = await stage.member();
  await stage.scan(member, batch.text(1));
  const refused = await stage.scan(member, batch.text(2));
  expect(refused.answer).toMatchObject({ refusal: { reason: 'cap_reached' }, look: { theme: 'leaf' } });
  const bare = await stage.batch();
  const none = await stage.scan(member, bare.text(1));
  expect(none.answer.look).toBeNull();
  expect(none.text).toContain('"look":null');
});
