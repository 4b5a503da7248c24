import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choosePorts, lastLines, startServers, Supervised } from '../../libs/servers/src/index.mjs';
import { ensureDatabase } from './database.mjs';
import { lanAddress, PORT_NAMES, systemEnvironment } from './environment.mjs';
import { APPS, ENTRIES, PACKAGES_DIR, ROOT } from './places.mjs';
import { RunState } from './run-state.mjs';
import { ensureSecrets } from './secrets.mjs';
import { PlainError } from './stopping.mjs';
import { TourControl } from './tour-control.mjs';

/**
 * Starts one whole system: servers, secrets, schema, demo data, processes; resolves when each answers /readyz.
 * What was started is stopped again when a later step fails.
 *
 * @param {object} options
 * @param {string} options.dataDir its state; one system at a time
 * @param {'local'|'rehearsal'} [options.profile]
 * @param {'stable'|'free'} [options.ports] stable: the same at each start, kept in `dataDir/ports.json`
 * @param {number} [options.apiPort] this port and no other
 * @param {boolean} [options.lan] listen for phones in the local network
 * @param {boolean} [options.seed] write the demo brand
 * @param {boolean} [options.tour] the guided tour may ask for what only the launcher can do
 * @param {boolean} [options.fresh] begin with empty servers
 * @param {('sandbox'|'api'|'worker')[]} [options.apps]
 * @param {boolean} [options.quiet]
 * @param {string} [options.databaseUrl] an administrator's address on a server of yours; with `migratorUrl`: the app user's
 * @param {string} [options.migratorUrl]
 * @param {string} [options.databaseName]
 * @param {string} [options.redisUrl]
 * @param {string} [options.bufferPool] of a private MariaDB, e.g. `2G`
 * @param {string[]} [options.mariadbArgs]
 * @param {Record<string, string>} [options.env] more for the processes
 * @param {(line: string) => void} [options.say]
 * @param {(event: object) => void} [options.onEvent] see `Supervised`
 * @returns {Promise<System>}
 */
export async function startSystem(options) {
  const state = await RunState.take(options.dataDir);
  const system = new System(options, state);
  try {
    await system.begin();
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
}

class System {
  #options;
  #state;
  #servers = null;
  #tour = null;
  #stopping = null;

  constructor(options, state) {
    this.#options = {
      profile: 'rehearsal',
      ports: 'free',
      lan: false,
      seed: false,
      apps: ['sandbox', 'api', 'worker'],
      say: options.quiet ? () => undefined : (line) => console.log(line),
      onEvent: () => undefined,
      ...options,
    };
    this.#state = state;
    /** @type {Record<string, Supervised>} */
    this.processes = {};
    this.demo = null;
  }

  get dataDir() {
    return this.#options.dataDir;
  }

  /** Name → pid of what runs now. */
  get pids() {
    const entries = Object.entries(this.processes).map(([name, child]) => [name, child.pid]);
    return Object.fromEntries(entries.filter(([, pid]) => pid));
  }

  async begin() {
    const { apps, seed, say, fresh, tour } = this.#options;
    if (fresh) clear(this.dataDir);
    this.ports = await this.#choosePorts();
    const secretsFile = join(this.dataDir, 'secrets.json');
    const { secrets, made } = await ensureSecrets(secretsFile);
    this.secrets = secrets;
    if (made) say(`secrets: ${secretsFile} (keep a copy: without its code keys printed codes are dead)`);
    const addresses = await this.#startServers();
    if (tour) this.#tour = new TourControl();
    this.env = { ...this.#environment(secretsFile, addresses), ...(await this.#tour?.listen()) };
    this.urls = this.#urls();
    this.#state.note({ ports: this.ports, urls: this.urls, dataDir: this.dataDir });
    await this.run('migrate');
    if (apps.includes('sandbox')) await this.startApp('sandbox');
    if (seed) this.demo = readReport(await this.run('seed'));
    await Promise.all(apps.filter((name) => name !== 'sandbox').map((name) => this.startApp(name)));
    this.#tour?.serve(this);
    this.#state.note({ phase: 'ready' });
  }

  async #choosePorts() {
    const { ports, apiPort } = this.#options;
    const file = join(this.dataDir, 'ports.json');
    const before = ports === 'stable' && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    const wanted = { ...before, ...(apiPort && { api: apiPort }) };
    const chosen = await choosePorts(PORT_NAMES, wanted);
    if (apiPort && chosen.api !== apiPort) throw new PlainError(`Port ${apiPort} was taken in this very moment.`);
    if (ports === 'stable') writeFileSync(file, `${JSON.stringify(chosen, null, 2)}\n`);
    return chosen;
  }

  async #startServers() {
    const { databaseUrl, migratorUrl, redisUrl, bufferPool, mariadbArgs, databaseName, say } = this.#options;
    this.#servers = await startServers({
      dataDir: this.dataDir,
      packagesDir: PACKAGES_DIR,
      ports: this.ports,
      databaseUrl,
      redisUrl,
      bufferPool,
      mariadbArgs,
      say,
      onEvent: (event) => this.#hear(event),
    });
    Object.assign(this.processes, this.#servers.processes);
    if (databaseUrl && migratorUrl) return { databaseUrl, migratorUrl, redisUrl: this.#servers.redisUrl };
    const { secrets } = this;
    const made = await ensureDatabase({ adminUrl: this.#servers.databaseUrl, secrets, databaseName });
    return { ...made, redisUrl: this.#servers.redisUrl };
  }

  #environment(secretsFile, addresses) {
    const { lan, profile, env, publicUrl } = this.#options;
    const caFile = join(this.dataDir, 'sandbox-ca.pem');
    writeFileSync(caFile, this.secrets.sandbox.ca.certificate);
    return systemEnvironment({
      ...addresses,
      profile,
      dataDir: this.dataDir,
      secretsFile,
      caFile,
      ports: this.ports,
      host: (lan && lanAddress()) || '127.0.0.1',
      lan,
      publicUrl,
      adminToken: this.secrets.sandbox.adminToken,
      extra: env,
    });
  }

  #urls() {
    const internal = (name) => `http://127.0.0.1:${this.ports[name]}`;
    return {
      home: this.env.PUBLIC_URL,
      api: internal('api'),
      apiInternal: internal('apiInternal'),
      workerInternal: internal('workerInternal'),
      sandboxOpen: this.env.SANDBOX_OPEN_URL,
      sandboxAdmin: this.env.SANDBOX_ADMIN_URL,
      docs: `${this.env.PUBLIC_URL}/docs`,
    };
  }

  /** Starts one of the processes and waits until it may serve. */
  async startApp(name, { timeoutMs = 60_000 } = {}) {
    const app = APPS[name];
    const child = new Supervised({
      name,
      command: process.execPath,
      args: ['--enable-source-maps', join(ROOT, app.entry)],
      cwd: ROOT,
      env: this.env,
      logFile: this.logFile(name),
      onEvent: (event) => this.#hear(event),
    });
    this.processes[name] = child;
    child.start();
    await child.waitUntilReady(() => isReady(this.ports[app.readyPort]), { timeoutMs, everyMs: 50 });
  }

  /** Waits until a process that was killed or restarted serves again. */
  async waitUntilReady(name, timeoutMs = 60_000) {
    const check = () => isReady(this.ports[APPS[name].readyPort]);
    await this.processes[name].waitUntilReady(check, { timeoutMs, everyMs: 50, firstStart: false });
  }

  logFile(name) {
    return join(this.dataDir, 'logs', `${name}.log`);
  }

  /** Runs a built command to its end in the system's environment; resolves with what it wrote. */
  async run(name, args = []) {
    const logFile = this.logFile(name);
    mkdirSync(join(this.dataDir, 'logs'), { recursive: true });
    const { code, output } = await runEntry(join(ROOT, ENTRIES[name]), args, { env: this.env, logFile });
    if (code === 0) return output;
    throw new PlainError(`${name} failed. The end of ${logFile}:\n${lastLines(logFile, 25)}`);
  }

  /** Sends a signal; supervision brings the child back. */
  kill(name, signal = 'SIGKILL') {
    return this.processes[name]?.kill(signal) ?? false;
  }

  async restart(name) {
    await this.processes[name].restart();
    await this.waitUntilReady(name);
  }

  /** Stops everything it started: processes first, so that they can end their work, then the sandbox, Redis, MariaDB. */
  stop() {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll() {
    const { api, worker, sandbox } = this.processes;
    await this.#tour?.close();
    await Promise.all([api?.stop(), worker?.stop()]);
    await sandbox?.stop();
    await this.#servers?.stop();
    this.#state.leave();
  }

  #hear(event) {
    if (event.kind === 'started' && !this.#stopping) this.#state.child(event.name, event.pid);
    this.#options.onEvent(event);
  }
}

async function isReady(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

function runEntry(entry, args, { env, logFile }) {
  return new Promise((resolve, reject) => {
    const log = createWriteStream(logFile, { flags: 'w' });
    const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], { cwd: ROOT, env });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk.toString();
      log.write(chunk);
    });
    child.stderr.on('data', (chunk) => log.write(chunk));
    child.once('error', reject);
    child.once('close', (code) => log.end(() => resolve({ code, output })));
  });
}

/** The report a command prints as its last JSON line. */
export function readReport(output) {
  for (const line of output.trimEnd().split('\n').reverse()) {
    if (!line.startsWith('{')) continue;
    const report = JSON.parse(line);
    if ('demoCode' in report) return report;
  }
  throw new PlainError('The seed printed no report line; see its log.');
}

/** A fresh system keeps its logs' folder and the note who runs it, nothing else. */
function clear(dataDir) {
  for (const name of readdirSync(dataDir)) {
    if (name !== 'run.json') rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}
