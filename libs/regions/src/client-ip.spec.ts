import { clientIp, trustedProxies } from './client-ip';

const trusted = trustedProxies(['127.0.0.1', '::1', '10.0.0.0/8', 'fd00::/8']);

describe('client IP', () => {
  it.each([
    ['nobody in front', '203.0.113.9', undefined, '203.0.113.9'],
    ['a header from a stranger counts for nothing', '203.0.113.9', '1.1.1.1', '203.0.113.9'],
    ['one proxy of ours', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['two proxies of ours', '10.0.0.1', '203.0.113.9, 10.2.3.4', '203.0.113.9'],
    ['a client that invents hops', '10.0.0.1', '1.1.1.1, 8.8.8.8, 203.0.113.9', '203.0.113.9'],
    ['a client that invents hops of ours', '10.0.0.1', '10.9.9.9, 203.0.113.9, 10.2.3.4', '203.0.113.9'],
    ['all hops are ours', '127.0.0.1', '10.0.0.7, 10.0.0.8', '10.0.0.7'],
    ['no header behind our proxy', '127.0.0.1', undefined, '127.0.0.1'],
    ['an empty header', '127.0.0.1', '', '127.0.0.1'],
    ['garbage nearest to us', '10.0.0.1', '203.0.113.9, unknown', '10.0.0.1'],
    ['garbage further out', '10.0.0.1', '<script>, 203.0.113.9', '203.0.113.9'],
    ['garbage behind a proxy of ours', '10.0.0.1', 'nonsense, 10.0.0.5', '10.0.0.5'],
    ['an IPv4 written as IPv6', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['a mapped IPv4 in the header', '10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['a port behind', '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
    ['IPv6 in brackets with a port', '::1', '[2400:3200::1]:443', '2400:3200::1'],
    ['our IPv6 range', 'fd00::5', '2400:3200::1', '2400:3200::1'],
    ['an IPv6 stranger', '2400:3200::1', '1.1.1.1', '2400:3200::1'],
    ['an unreadable socket', 'nonsense', '203.0.113.9', null],
    ['no socket', undefined, '203.0.113.9', null],
  ])('%s', (_case, remote, header, expected) => {
    expect(clientIp(remote, header, trusted)).toBe(expected);
  });

  it('reads repeated headers in order', () => {
    expect(clientIp('10.0.0.1', ['1.1.1.1', '203.0.113.9'], trusted)).toBe('203.0.113.9');
  });

  it('looks at the nearest 32 hops only', () => {
    const long = ['203.0.113.9', ...Array<string>(10_000).fill('10.0.0.2')].join(', ');
    expect(clientIp('10.0.0.1', long, trusted)).toBe('10.0.0.2');
  });

  it('trusts nobody when told of nobody', () => {
    expect(clientIp('127.0.0.1', '203.0.113.9', trustedProxies([]))).toBe('127.0.0.1');
  });

  it.each(['nonsense', '10.0.0.0/33', '10.0.0.0/8/8', 'fd00::/129', '10.0.0.0/', '10.0.0.0/-1', ''])(
    'refuses %j as a proxy',
    (entry) => {
      expect(() => trustedProxies([entry])).toThrow(RangeError);
    },
  );
});
