/** Types of system.mjs for tests written in TypeScript. */

export type AppName = 'sandbox' | 'api' | 'worker';
export type ProcessName = AppName | 'mariadb' | 'redis';

export interface SystemOptions {
  readonly dataDir: string;
  readonly profile?: 'local' | 'rehearsal';
  readonly ports?: 'stable' | 'free';
  readonly apiPort?: number;
  readonly lan?: boolean;
  readonly publicUrl?: string;
  readonly seed?: boolean;
  /** The guided tour may ask for what only the launcher can do. */
  readonly tour?: boolean;
  readonly fresh?: boolean;
  readonly apps?: readonly AppName[];
  readonly quiet?: boolean;
  readonly databaseUrl?: string;
  readonly migratorUrl?: string;
  readonly databaseName?: string;
  readonly redisUrl?: string;
  readonly bufferPool?: string;
  readonly mariadbArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly say?: (line: string) => void;
  readonly onEvent?: (event: ProcessEvent) => void;
}

export interface ProcessEvent {
  readonly name: ProcessName;
  readonly kind: 'started' | 'died' | 'gave-up' | 'stopped';
  readonly pid?: number;
  readonly code?: number | null;
  readonly signal?: NodeJS.Signals | null;
  readonly delayMs?: number;
  readonly log?: string;
}

export interface DemoReport {
  readonly demoCode: string;
  readonly moreCodes: readonly string[];
  readonly qrSheetPath: string;
  readonly tour: {
    readonly campaignId: number;
    readonly campaignName: string;
    readonly codes: readonly string[];
    readonly people: { readonly hefei: string; readonly nanjing: string };
  };
  readonly logins: readonly { readonly login: string; readonly password: string; readonly role: string }[];
}

export interface System {
  /** What the processes run with; `MIGRATOR_DATABASE_URL`, `SANDBOX_ADMIN_TOKEN` and the like are in it. */
  readonly env: Readonly<Record<string, string>>;
  readonly urls: {
    readonly home: string;
    readonly api: string;
    readonly apiInternal: string;
    readonly workerInternal: string;
    readonly sandboxOpen: string;
    readonly sandboxAdmin: string;
    readonly docs: string;
  };
  readonly ports: Readonly<Record<string, number>>;
  readonly pids: Readonly<Partial<Record<ProcessName, number>>>;
  /** The document of secrets.json. */
  readonly secrets: unknown;
  readonly demo: DemoReport | null;
  readonly dataDir: string;
  logFile(name: string): string;
  /** Runs `migrate`, `seed`, `rehearsal` or `bench` to its end; resolves with its stdout, rejects when it fails. */
  run(name: string, args?: readonly string[]): Promise<string>;
  startApp(name: AppName, options?: { timeoutMs?: number }): Promise<void>;
  /** Sends a signal (SIGKILL when none is named); supervision brings the child back. */
  kill(name: ProcessName, signal?: NodeJS.Signals): boolean;
  /** Stops a process and starts it again; resolves when it serves. */
  restart(name: AppName): Promise<void>;
  waitUntilReady(name: AppName, timeoutMs?: number): Promise<void>;
  /** Processes first, then sandbox, Redis, MariaDB. Safe to call twice. */
  stop(): Promise<void>;
}

export function startSystem(options: SystemOptions): Promise<System>;
