import IP2Region from 'ip2region';
import { FIRST_USERS } from './first-users';

describe('first users', () => {
  const table = new IP2Region({ disableIpv6: true });

  it.each(FIRST_USERS.map((user) => [user.nickname, user] as const))(
    '%s has an address of the own city',
    (_name, user) => {
      const place = table.search(user.ip);
      expect(user.city).toContain(place?.city);
      expect(user.city).toContain(place?.province);
    },
  );

  it('are twelve, one of them virtual', () => {
    expect(new Set(FIRST_USERS.map(({ id }) => id)).size).toBe(12);
    expect(FIRST_USERS.filter(({ snapshot }) => snapshot === true)).toHaveLength(1);
  });
});
