import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Facts of this machine that the ladder asks for. */
export function machineFacts() {
  const isRoot = process.getuid?.() === 0;
  return {
    platform: process.platform,
    isRoot,
    hasSudo: !isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0,
    hasApt: existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg'),
  };
}

/** Installs packages system-wide. Rejects with the end of apt's own output. */
export async function aptInstall(packages, { sudo = false, say = () => {} } = {}) {
  const [command, before] = sudo ? ['sudo', ['-n', 'apt-get']] : ['apt-get', []];
  say(`apt-get install ${packages.join(' ')}`);
  await run(command, [...before, 'update', '-q']);
  await run(command, [...before, 'install', '-y', '-q', '--no-install-recommends', ...packages]);
}

/**
 * Rung without root: fetches the packages and unpacks them into `packagesDir`. Writes nowhere else.
 * A package this release does not know (names of libraries move) is skipped; what matters is that the program runs then.
 */
export async function aptUnpack(packages, { packagesDir, say = () => {} }) {
  const downloads = join(packagesDir, 'downloads');
  mkdirSync(downloads, { recursive: true });
  const known = knownPackages(packages.flatMap((name) => [name, `${name}t64`]));
  if (known.length === 0) throw new Error('apt knows none of the packages needed; `apt-get update` has never run here');
  say(`apt-get download ${known.join(' ')} (no root: unpacked into ${packagesDir})`);
  await run('apt-get', ['download', '-q', ...known], { cwd: downloads });
  for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg', ['-x', join(downloads, file), packagesDir]);
  }
  rmSync(downloads, { recursive: true, force: true });
}

function knownPackages(names) {
  const { stdout } = spawnSync('apt-cache', ['show', '--no-all-versions', ...names], { encoding: 'utf8' });
  const known = new Set([...(stdout ?? '').matchAll(/^Package: (\S+)$/gm)].map((match) => match[1]));
  return names.filter((name) => known.has(name));
}

/** Runs a command to its end, quietly; rejects with the last of its output. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...options.env },
    });
    let output = '';
    const hear = (chunk) => {
      output = (output + chunk.toString()).slice(-8_000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const lines = output.trim().split('\n');
      const telling = lines.slice(0, -15).filter((line) => /error|fail|cannot|can't|denied|no space/i.test(line));
      const last = [...telling.slice(-10), ...lines.slice(-15)].join('\n');
      reject(new Error(`${command} ${args.slice(0, 4).join(' ')} … ended with ${signal ?? code}:\n${last}`));
    });
  });
}
