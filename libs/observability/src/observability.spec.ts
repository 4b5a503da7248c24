import { counter, createLogger, InternalServer, withCorrelation } from './index';

function linesOf(work: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => (lines.push(String(chunk)), true));
  const log = createLogger('test', 'info');
  const stream = Object.getOwnPropertySymbols(log)
    .map((symbol) => (log as unknown as Record<symbol, unknown>)[symbol])
    .find(
      (value): value is { write: (line: string) => void } =>
        typeof (value as { write?: unknown })?.write === 'function',
    );
  if (stream) stream.write = (line) => lines.push(line);
  work(log);
  write.mockRestore();
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('carries correlation ids and removes personal fields', () => {
  const [line] = linesOf((log) =>
    withCorrelation({ requestId: 'r1' }, () => log.info({ openid: 'o-secret', bill: { openid: 'o-deep' } }, 'paid')),
  );
  expect(line).toMatchObject({ app: 'test', level: 'info', requestId: 'r1', msg: 'paid', openid: '[removed]' });
  expect(JSON.stringify(line)).not.toMatch(/o-secret|o-deep/);
});

it('keeps the fields of one line out of the next one of the same story', () => {
  const lines = linesOf((log) =>
    withCorrelation({ requestId: 'r1' }, () => {
      log.info({ payoutKey: 'p1' }, 'first');
      log.info('second');
    }),
  );
  expect(lines[1]).toMatchObject({ requestId: 'r1', msg: 'second' });
  expect(lines[1]).not.toHaveProperty('payoutKey');
});

it('answers health, readiness with reasons, and metrics', async () => {
  let trouble: string | null = 'gone';
  const server = new InternalServer([{ name: 'database', check: () => Promise.resolve(trouble) }]);
  const port = await server.listen(0);
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  expect((await get('/healthz')).status).toBe(200);
  const sick = await get('/readyz');
  expect([sick.status, await sick.json()]).toEqual([503, { ready: false, reasons: ['database: gone'] }]);
  trouble = null;
  expect((await get('/readyz')).status).toBe(200);
  server.drain();
  expect((await get('/readyz')).status).toBe(503);
  counter('test_things_total', 'things').inc(3);
  expect(await (await get('/metrics')).text()).toContain('test_things_total 3');
  await server.close();
});
