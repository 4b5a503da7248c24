import { BlockList, isIP } from 'node:net';

/** More hops than any honest chain has; what stands further left is not looked at. */
const MOST_HOPS = 32;

/** Proxies whose X-Forwarded-For counts. */
export interface TrustedProxies {
  has(ip: string): boolean;
}

/** From addresses and CIDR ranges, e.g. `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`. Throws RangeError naming a faulty entry. */
export function trustedProxies(entries: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const entry of entries) {
    const [address, bits, ...rest] = entry.trim().split('/');
    const family = familyOf(address!);
    const most = family === 'ipv4' ? 32 : 128;
    const usable =
      family !== null && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
    if (!usable) throw new RangeError(`not an address or CIDR range: ${entry}`);
    if (bits === undefined) list.addAddress(address!, family);
    else list.addSubnet(address!, Number(bits), family);
  }
  return {
    has: (ip) => {
      const family = familyOf(ip);
      return family !== null && list.check(ip, family);
    },
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address);
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6';
}

/**
 * The address a request really came from: the rightmost one that is not a trusted proxy of ours. A header that arrives from anybody
 * else counts for nothing; of a trusted chain only what our proxies added counts, so a client cannot invent its own address.
 * Returns null when even the socket's address is unreadable.
 */
export function clientIp(
  remoteAddress: string | undefined,
  xForwardedFor: string | readonly string[] | undefined,
  trusted: TrustedProxies,
): string | null {
  let client = readAddress(remoteAddress ?? '');
  if (client === null || !trusted.has(client)) return client;
  const header = typeof xForwardedFor === 'string' ? xForwardedFor : (xForwardedFor ?? []).join(',');
  const hops = header.split(',').slice(-MOST_HOPS).reverse();
  for (const hop of hops) {
    const address = readAddress(hop);
    // Garbage was written by somebody further out than our proxies: the nearest hop that is readable stands.
    if (address === null) return client;
    client = address;
    if (!trusted.has(client)) return client;
  }
  return client;
}

/** `1.2.3.4`, `1.2.3.4:5678`, `[::1]:80`, `::ffff:1.2.3.4` → a bare address; null for anything else. */
function readAddress(text: string): string | null {
  let address = text.trim();
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(address);
  if (bracketed) address = bracketed[1]!;
  else if (/^[\d.]+:\d+$/.test(address)) address = address.slice(0, address.indexOf(':'));
  if (/^::ffff:[\d.]+$/i.test(address)) address = address.slice(7);
  return isIP(address) === 0 || address.includes('%') ? null : address;
}
