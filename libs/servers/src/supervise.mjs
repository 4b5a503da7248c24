import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterDeath, BACKOFF } from './backoff.mjs';
import { hold, release } from './leash.mjs';

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

/**
 * A child process that is kept alive: started again with growing waits, given up after too many fast deaths, stopped by
 * SIGTERM and, after a bound, SIGKILL. It writes to a file, not to us: it must not fall with our pipe.
 *
 * Events handed to `onEvent`: `{ name, kind: 'started'|'died'|'gave-up'|'stopped', pid?, code?, signal?, delayMs?, log? }`.
 */
export class Supervised {
  #child = null;
  #wanted = false;
  #failures = 0;
  #startedAt = 0;
  #timer = null;
  #ended = Promise.resolve();

  /**
   * @param {{ name: string, command: string, args: string[], env?: Record<string, string|undefined>, cwd?: string, logFile: string,
   *   backoff?: typeof BACKOFF, graceMs?: number, onEvent?: (event: object) => void }} options
   */
  constructor(options) {
    this.options = { ...options };
    this.options.backoff ??= BACKOFF;
    this.options.graceMs ??= 12_000;
    this.options.onEvent ??= () => undefined;
    this.name = options.name;
    this.restarts = 0;
    this.state = 'stopped';
  }

  get pid() {
    return this.#child?.pid ?? null;
  }

  start() {
    if (this.#wanted) return this;
    this.#wanted = true;
    this.#failures = 0;
    rotate(this.options.logFile);
    this.#spawn();
    return this;
  }

  #spawn() {
    const { command, args, env, cwd, logFile } = this.options;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a');
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    this.#child = child;
    this.#startedAt = Date.now();
    this.state = 'running';
    const { pid } = child;
    if (pid) hold(pid);
    this.#ended = new Promise((resolve) => {
      let over = false;
      const end = (code, signal, error) => {
        if (over) return;
        over = true;
        if (pid) release(pid);
        this.#child = null;
        resolve();
        this.#afterEnd(code, signal, error);
      };
      child.once('error', (error) => end(null, null, error));
      child.once('exit', (code, signal) => end(code, signal));
    });
    if (pid) this.#tell({ kind: 'started', pid });
  }

  #afterEnd(code, signal, error) {
    if (!this.#wanted) {
      this.state = 'stopped';
      this.#tell({ kind: 'stopped', code, signal });
      return;
    }
    const uptimeMs = Date.now() - this.#startedAt;
    const next = afterDeath({ failures: this.#failures, uptimeMs }, this.options.backoff);
    this.#failures = next.failures;
    const log = [error?.message, lastLines(this.options.logFile)].filter(Boolean).join('\n');
    if (next.giveUp) {
      this.#wanted = false;
      this.state = 'failed';
      this.#tell({ kind: 'gave-up', code, signal, log });
      return;
    }
    this.state = 'waiting';
    this.#tell({ kind: 'died', code, signal, delayMs: next.delayMs, log });
    this.#timer = setTimeout(() => {
      this.restarts += 1;
      if (this.#wanted) this.#spawn();
    }, next.delayMs);
  }

  /**
   * Waits until `check` answers true. Rejects when the time is over or, while `firstStart`, as soon as the child dies (a server
   * that cannot start will not learn it by trying again); the error carries the end of its log.
   */
  async waitUntilReady(check, { timeoutMs = 60_000, everyMs = 25, firstStart = true } = {}) {
    const until = Date.now() + timeoutMs;
    while (Date.now() < until) {
      if (this.state === 'stopped') throw new Error(`${this.name} was stopped before it was ready`);
      if (this.state === 'failed' || (firstStart && this.state === 'waiting')) {
        await this.stop();
        throw new Error(`${this.name} did not start. The end of ${this.options.logFile}:\n${this.lastLog()}`);
      }
      if (this.state === 'running' && (await check())) return;
      await sleep(everyMs);
    }
    if (firstStart) await this.stop();
    throw new Error(`${this.name} was not ready within ${timeoutMs / 1000} s. The end of its log:\n${this.lastLog()}`);
  }

  lastLog(lines = 15) {
    return lastLines(this.options.logFile, lines);
  }

  /** Stops it for good. Resolves when it is gone. */
  async stop({ graceMs = this.options.graceMs } = {}) {
    this.#wanted = false;
    clearTimeout(this.#timer);
    if (!this.#child) {
      if (this.state === 'waiting') this.state = 'stopped';
      return;
    }
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('SIGKILL'), graceMs);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Stops and starts again, with new settings when given. */
  async restart(changes = {}) {
    await this.stop();
    Object.assign(this.options, changes);
    return this.start();
  }

  /** Sends a signal and leaves the rest to supervision: a killed child comes back. Returns false when there is none. */
  kill(signal = 'SIGKILL') {
    return this.#child?.kill(signal) ?? false;
  }

  #tell(event) {
    this.options.onEvent({ name: this.name, ...event });
  }
}

/** Keeps one older file: a log is bounded to about twice the limit. */
function rotate(logFile) {
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`);
}

export function lastLines(file, lines = 15) {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').slice(-16_000).trimEnd().split('\n').slice(-lines).join('\n');
}
