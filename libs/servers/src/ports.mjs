import { createServer } from 'node:net';

/**
 * Ports are taken below the range from which the kernel gives outgoing connections theirs (32768 and up on Linux), so that a
 * port kept for the next start is not lent to somebody's connection meanwhile.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** True when nothing listens there, seen from the address we shall bind. */
export function isPortFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Free on loopback and on every interface: a server bound to one of them hides behind a probe of the other. */
export async function isPortFreeEverywhere(port) {
  return (await isPortFree(port, '127.0.0.1')) && (await isPortFree(port, '0.0.0.0'));
}

/** A random free port; `taken` are those promised to somebody else already. */
export async function freePort(taken = new Set()) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (!taken.has(port) && (await isPortFreeEverywhere(port))) return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST} after 200 tries`);
}

/**
 * One port per name: the wanted one where it is still free, else another.
 *
 * @param {string[]} names
 * @param {Record<string, number>} wanted ports of an earlier start
 * @param {(port: number) => Promise<boolean>} isFree
 * @returns {Promise<Record<string, number>>}
 */
export async function choosePorts(names, wanted = {}, isFree = isPortFreeEverywhere) {
  const taken = new Set();
  const chosen = {};
  for (const name of names) {
    const before = wanted[name];
    const keeps = Number.isInteger(before) && !taken.has(before) && (await isFree(before));
    chosen[name] = keeps ? before : await freePort(taken);
    taken.add(chosen[name]);
  }
  return chosen;
}

/** The next free port from `first` on, at most 50 further. */
export async function nextFreePort(first, isFree = isPortFreeEverywhere) {
  for (let port = first; port < first + 50; port += 1) if (await isFree(port)) return port;
  throw new Error(`ports ${first} to ${first + 49} are all in use`);
}
