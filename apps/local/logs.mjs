import { closeSync, copyFileSync, existsSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';

const LIMIT_BYTES = 64 * 1024 * 1024;
const EVERY_MS = 500;
const SHOWN_PER_LOOK = 3;
const LOOK_BYTES = 1024 * 1024;

/**
 * Reads what children append to their log files, shows lines of level error and keeps the files bounded: a file that has grown
 * too large is copied aside and cut (children append, so cutting is safe).
 *
 * @param {Record<string, string>} files name → path
 * @param {(name: string, text: string) => void} show
 * @returns {() => void} stops
 */
export function watchLogs(files, show) {
  const positions = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, sizeOf(file)]));
  const look = () => {
    for (const [name, file] of Object.entries(files)) {
      const { text, position } = readFrom(file, positions[name]);
      positions[name] = position;
      const errors = text.split('\n').map(errorOf).filter(Boolean);
      for (const error of errors.slice(0, SHOWN_PER_LOOK)) show(name, error);
      if (errors.length > SHOWN_PER_LOOK) show(name, `… ${errors.length - SHOWN_PER_LOOK} more in ${file}`);
      if (position > LIMIT_BYTES) positions[name] = cut(file);
    }
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The text of a JSON log line of level error or above; null for anything else. */
export function errorOf(line) {
  if (!line.startsWith('{')) return null;
  try {
    const entry = JSON.parse(line);
    const isError = entry.level >= 50 || ['error', 'fatal'].includes(entry.level);
    return isError ? [entry.msg, entry.err?.message].filter(Boolean).join(': ') || line : null;
  } catch {
    return null;
  }
}

const sizeOf = (file) => {
  if (!existsSync(file)) return 0;
  const descriptor = openSync(file, 'r');
  try {
    return fstatSync(descriptor).size;
  } finally {
    closeSync(descriptor);
  }
};

/** At most LOOK_BYTES a look; whole lines only, unless a line is longer than that. */
function readFrom(file, from) {
  const size = sizeOf(file);
  const start = size < from ? 0 : from;
  if (size === start) return { text: '', position: start };
  const buffer = Buffer.alloc(Math.min(size - start, LOOK_BYTES));
  const descriptor = openSync(file, 'r');
  try {
    const read = readSync(descriptor, buffer, 0, buffer.length, start);
    const end = buffer.lastIndexOf(10, read - 1) + 1 || (read === LOOK_BYTES ? read : 0);
    return { text: buffer.toString('utf8', 0, end), position: start + end };
  } finally {
    closeSync(descriptor);
  }
}

function cut(file) {
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
  return 0;
}
