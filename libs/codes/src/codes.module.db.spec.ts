import { Test } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { ObservabilityModule } from '@app/observability';
import { openTestDatabase } from '@app/testing';
import { config, issuedBatch, log } from './fixtures/issued-batch';
import { BatchList, CodeCatalog, CodesModule, codesEntities } from './index';

it('starts within an app: the catalog knows what was issued before and learns of what is issued later', async () => {
  const db = await openTestDatabase({ entities: codesEntities });
  const before = await issuedBatch(db);
  const waits = { ...config.waits, catalogRefreshMs: 50 };
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot({ ...config, waits, database: { url: db.url, poolSize: 2 } }),
      ObservabilityModule.forRoot(log),
      DatabaseModule.forRoot(codesEntities),
      CodesModule,
    ],
  }).compile();
  await module.init();
  const catalog = module.get(CodeCatalog);
  expect(catalog.epochOf(before.batchId)).toBe(2);
  const after = await issuedBatch(db);
  const until = Date.now() + 5000;
  while (catalog.epochOf(after.batchId) === null && Date.now() < until)
    await new Promise((done) => setTimeout(done, 20));
  expect(catalog.epochOf(after.batchId)).toBe(2);
  expect(catalog.ageMs()).toBeLessThan(5000);
  expect((await module.get(BatchList).detail(after.batchId)).status).toBe('issued');
  await module.close();
  await db.close();
});
