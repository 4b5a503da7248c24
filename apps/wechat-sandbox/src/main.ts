import { optionsFromEnvironment } from './settings';
import { startSandbox } from './sandbox';

const STOP_WITHIN_MS = 8_000;

function log(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), app: 'wechat-sandbox', ...line })}\n`);
}

async function main(): Promise<void> {
  const sandbox = await startSandbox({ ...optionsFromEnvironment(process.env), log });
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log({ step: 'stopping', signal });
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    void sandbox.stop().then(() => {
      log({ step: 'stopped' });
      process.exit(0);
    });
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

main().catch((error: unknown) => {
  log({ step: 'failed', problem: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
