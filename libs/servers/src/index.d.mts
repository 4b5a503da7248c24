/** Types of the door for tests written in TypeScript. */

export interface Supervised {
  readonly name: string;
  readonly pid: number | null;
  readonly state: 'running' | 'waiting' | 'stopped' | 'failed';
  kill(signal?: NodeJS.Signals): boolean;
  stop(options?: { graceMs?: number }): Promise<void>;
}

export interface Servers {
  /** Root of a private server, without a database; or the address that was given. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly processes: { readonly mariadb?: Supervised; readonly redis?: Supervised };
  stop(): Promise<void>;
}

export interface ServersOptions {
  readonly dataDir: string;
  readonly packagesDir?: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly ports?: { readonly mariadb?: number; readonly redis?: number };
  readonly bufferPool?: string;
  readonly mariadbArgs?: readonly string[];
  readonly say?: (line: string) => void;
}

export class NoServers extends Error {}
export function startServers(options: ServersOptions): Promise<Servers>;
export function freePort(taken?: Set<number>): Promise<number>;
