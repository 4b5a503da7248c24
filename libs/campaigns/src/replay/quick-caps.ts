import type { CompiledCap, CompiledVersion } from '../decision';

const HOUR_MS = 3_600_000;

/**
 * The same version, whose caps remember their keys: no window is shorter than an hour, and hours begin together in UTC and Shanghai, so
 * a key that names nobody in particular stays the same for thousands of scans.
 */
export function withQuickCaps(version: CompiledVersion): CompiledVersion {
  return { ...version, caps: version.caps.map(quickCap) };
}

function quickCap(compiled: CompiledCap): CompiledCap {
  const { cap, counterKey } = compiled;
  if (cap.per === 'region' || cap.per === 'store') return compiled;
  let slot = -1;
  let key: string | null = null;
  return {
    cap,
    counterKey: (facts) => {
      const now = Math.floor(facts.at.getTime() / HOUR_MS);
      if (now !== slot) {
        key = counterKey(facts);
        slot = now;
      }
      return key;
    },
  };
}
