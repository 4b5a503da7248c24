import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem, type DemoReport, type System } from '../../local/system.mjs';

/** A whole running system with the demo brand in it. */
export interface RunningSystem {
  readonly urls: System['urls'];
  readonly demo: DemoReport;
  /** Stops it, unless others go on with it. */
  stop(): Promise<void>;
}

/**
 * The system that `npm test` started for all of the console's browser specs (they take turns and share its data, so none counts on being
 * alone), or one of its own where a spec is run by itself.
 */
export async function openSystem(): Promise<RunningSystem> {
  const shared = process.env['TEST_SYSTEM'];
  if (shared) return { ...(JSON.parse(shared) as Omit<RunningSystem, 'stop'>), stop: () => Promise.resolve() };
  const dataDir = mkdtempSync(join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'console-'));
  const system = await startSystem({
    ...{ dataDir, profile: 'rehearsal', ports: 'free', seed: true, tour: true, quiet: true },
  });
  if (system.demo === null) throw new Error('the demo brand was not seeded');
  const stop = async (): Promise<void> => {
    await system.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { urls: system.urls, demo: system.demo, stop };
}
