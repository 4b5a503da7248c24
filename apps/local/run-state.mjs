import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainError } from './stopping.mjs';

/** Somebody runs this data folder already. */
export class AlreadyRunning extends PlainError {}

/** When a process was born: together with its pid this names it for ever, pids alone are given again. Null when it is not there. */
export function birthOf(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? null : fields[19];
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

const isThere = (entry) => Boolean(entry?.pid && entry.born && birthOf(entry.pid) === entry.born);

/**
 * `run.json` of a data folder: who runs it, on which ports, with which children. Taking it is exclusive; what a launcher that
 * was killed left running is stopped first.
 */
export class RunState {
  #file;
  #state;

  constructor(file, state) {
    this.#file = file;
    this.#state = state;
  }

  /** @throws {AlreadyRunning} naming its address */
  static async take(dataDir) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const file = join(dataDir, 'run.json');
    const state = { launcher: { pid: process.pid, born: birthOf(process.pid) }, children: {} };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        writeFileSync(file, JSON.stringify(state), { flag: 'wx', mode: 0o600 });
        return new RunState(file, state);
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      await clearStale(file);
    }
    throw new AlreadyRunning(`Another start took ${dataDir} at the same moment.`);
  }

  /** Adds to the note; written whole, so that a reader never sees half of it. */
  note(changes) {
    Object.assign(this.#state, changes);
    const unfinished = `${this.#file}.new`;
    writeFileSync(unfinished, JSON.stringify(this.#state, null, 2), { mode: 0o600 });
    renameSync(unfinished, this.#file);
  }

  child(name, pid) {
    this.note({ children: { ...this.#state.children, [name]: { pid, born: birthOf(pid) } } });
  }

  leave() {
    rmSync(this.#file, { force: true });
  }
}

export function readRunState(dataDir) {
  const file = join(dataDir, 'run.json');
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** The note of a launcher that is alive, or null. */
export function whoRuns(dataDir) {
  const state = readRunState(dataDir);
  return isThere(state?.launcher) ? state : null;
}

async function clearStale(file) {
  const dataDir = join(file, '..');
  const state = readRunState(dataDir);
  if (!state) return;
  if (isThere(state.launcher)) {
    const where = state.urls?.home ? `: ${state.urls.home}` : ' (it is still starting)';
    throw new AlreadyRunning(
      `Yima is already running from ${dataDir}${where}\n` +
        `已经在运行。Stop it with Ctrl-C in its window, or: kill ${state.launcher.pid}`,
    );
  }
  await stopLeftovers(Object.values(state.children ?? {}));
  rmSync(file, { force: true });
}

async function stopLeftovers(children) {
  const signalAll = (signal) => {
    for (const child of children.filter(isThere)) process.kill(child.pid, signal);
  };
  signalAll('SIGTERM');
  const until = Date.now() + 15_000;
  while (children.some(isThere) && Date.now() < until) await sleep(50);
  signalAll('SIGKILL');
}
