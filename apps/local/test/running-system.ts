import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem, type DemoReport, type System } from '../system.mjs';

/** A whole running system with the demo brand in it. */
export interface RunningSystem {
  readonly urls: System['urls'];
  readonly demo: DemoReport;
  /** Asks the operator's side of the stand-in WeChat, such as `POST /clock/advance`. */
  sandbox<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Stops it, unless others go on with it. */
  stop(): Promise<void>;
}

/** What `npm test` says of the system that it started for all browser specs. */
type Shared = Pick<RunningSystem, 'urls' | 'demo'> & { readonly sandboxToken: string };

/**
 * The system of all browser specs (they take turns and share its data, so none counts on being alone), or one of its own where a spec is
 * run by itself.
 */
export async function openSystem(): Promise<RunningSystem> {
  const told = process.env['TEST_SYSTEM'];
  if (told) return asRunning(JSON.parse(told) as Shared, () => Promise.resolve());
  const dataDir = mkdtempSync(join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'browser-'));
  const system = await startSystem({
    ...{ dataDir, profile: 'rehearsal', ports: 'free', seed: true, tour: true, quiet: true },
  });
  const { urls, demo, env } = system;
  if (demo === null) throw new Error('the demo brand was not seeded');
  return asRunning({ urls, demo, sandboxToken: env['SANDBOX_ADMIN_TOKEN'] ?? '' }, async () => {
    await system.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
}

function asRunning({ urls, demo, sandboxToken }: Shared, stop: () => Promise<void>): RunningSystem {
  const sandbox = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${urls.sandboxAdmin}${path}`, {
      method,
      headers: { 'x-sandbox-token': sandboxToken, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the stand-in answered ${method} ${path} with ${answer.status}: ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  return { urls, demo, sandbox, stop };
}
