import { createHash } from 'node:crypto';
import { Rig } from './rig';

interface Told {
  errcode?: number;
  access_token?: string;
  refresh_token?: string;
  openid?: string;
  unionid?: string;
  nickname?: string;
  ticket?: string;
  expires_in?: number;
  is_snapshotuser?: number;
}

jest.setTimeout(30_000);

describe('OAuth, tokens and JS-SDK over HTTP', () => {
  const rig = new Rig();
  beforeAll(() => rig.start());
  afterAll(() => rig.stop());
  afterEach(() => rig.admin('DELETE', '/faults'));

  const authorize = (changes: Record<string, string> = {}, cookie?: string): Promise<Response> => {
    const query = new URLSearchParams({
      appid: rig.appId,
      redirect_uri: 'http://h5.test:8080/back?keep=1',
      response_type: 'code',
      scope: 'snsapi_base',
      state: 'abc123',
      ...changes,
    });
    return fetch(`${rig.url('open')}/connect/oauth2/authorize?${query}`, {
      redirect: 'manual',
      headers: cookie === undefined ? {} : { cookie },
    });
  };
  const codeFor = async (user: string, scope = 'snsapi_base'): Promise<string> => {
    const reply = await authorize({ scope, sandbox_user: user, sandbox_consent: 'allow' });
    return new URL(reply.headers.get('location') ?? '').searchParams.get('code') ?? '';
  };
  const api = async (path: string, query: Record<string, string>): Promise<Told> => {
    const response = await fetch(`${rig.url('api')}${path}?${new URLSearchParams(query)}`);
    expect(response.status).toBe(200);
    return JSON.parse(await response.text()) as Told;
  };
  const secret = (): string => rig.keys.secrets.wechat.appSecret;
  const redeem = (code: string, changes: Record<string, string> = {}): Promise<Told> =>
    api('/sns/oauth2/access_token', {
      appid: rig.appId,
      secret: secret(),
      code,
      grant_type: 'authorization_code',
      ...changes,
    });

  describe('authorize', () => {
    it('lets the visitor choose once and is silent afterwards', async () => {
      const asked = await authorize();
      expect(asked.status).toBe(200);
      expect(await asked.text()).toContain('陈小禾');
      const chosen = await authorize({ sandbox_user: 'u03' });
      expect(chosen.status).toBe(302);
      const cookie = (chosen.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      const silent = await authorize({}, cookie);
      const back = new URL(silent.headers.get('location') ?? '');
      expect([back.host, back.searchParams.get('keep'), back.searchParams.get('state')]).toEqual([
        'h5.test:8080',
        '1',
        'abc123',
      ]);
      expect((await redeem(back.searchParams.get('code') ?? '')).openid).toBe(await rig.openid('u03'));
    });

    it('asks before it gives the profile, and a refusal brings only the state', async () => {
      const asked = await authorize({ scope: 'snsapi_userinfo', sandbox_user: 'u01' });
      expect(await asked.text()).toContain('允许');
      const denied = await authorize({ scope: 'snsapi_userinfo', sandbox_user: 'u01', sandbox_consent: 'deny' });
      const back = new URL(denied.headers.get('location') ?? '');
      expect([back.searchParams.get('code'), back.searchParams.get('state')]).toEqual([null, 'abc123']);
    });

    it.each([
      ['a subdomain', { redirect_uri: 'http://a.h5.test/back' }, '10003'],
      ['another port', { redirect_uri: 'http://h5.test:81/back' }, '10003'],
      ['a look-alike', { redirect_uri: 'http://h5.test.evil.example/' }, '10003'],
      ['a script', { redirect_uri: 'javascript:alert(1)' }, '10003'],
      ['an unknown scope', { scope: 'snsapi_login' }, '10005'],
      ['no scope', { scope: '' }, '10010'],
      ['another appid', { appid: 'wxother' }, '10016'],
      ['a state with marks', { state: 'a<b' }, 'state'],
    ])('refuses %s', async (_name, changes, words) => {
      const reply = await authorize({ sandbox_user: 'u01', ...changes });
      expect(reply.status).toBe(200);
      expect(await reply.text()).toContain(words);
    });
  });

  describe('code', () => {
    it('works once', async () => {
      const code = await codeFor('u01');
      const first = await redeem(code);
      expect(first).toMatchObject({ expires_in: 7200, openid: await rig.openid('u01') });
      expect(first).not.toHaveProperty('unionid');
      expect((await redeem(code)).errcode).toBe(40163);
    });

    it('dies after five minutes and belongs to one appid', async () => {
      const code = await codeFor('u01');
      rig.wallOffsetMs += 5 * 60_000 + 1_000;
      expect((await redeem(code)).errcode).toBe(42003);
      expect((await redeem('nonsense')).errcode).toBe(40029);
      expect((await redeem(await codeFor('u01'), { appid: 'wxother' })).errcode).toBe(40013);
      expect((await redeem(await codeFor('u01'), { secret: 'wrong' })).errcode).toBe(40001);
      expect((await redeem('')).errcode).toBe(41008);
    });

    it('marks virtual accounts, which have no profile', async () => {
      const told = await redeem(await codeFor('u12', 'snsapi_userinfo'));
      expect(told.is_snapshotuser).toBe(1);
      const info = await api('/sns/userinfo', {
        access_token: told.access_token ?? '',
        openid: told.openid ?? '',
        lang: 'zh_CN',
      });
      expect(info.errcode).toBe(48001);
    });

    it('brings the profile with the wider scope only, and refreshes', async () => {
      const told = await redeem(await codeFor('u01', 'snsapi_userinfo'));
      expect(told.unionid).toBe('oUnion_u01_sandbox');
      const access = { access_token: told.access_token ?? '', openid: told.openid ?? '' };
      expect(await api('/sns/userinfo', access)).toMatchObject({ nickname: '陈小禾', openid: told.openid });
      expect((await api('/sns/auth', access)).errcode).toBe(0);
      expect((await api('/sns/auth', { ...access, openid: 'oOther' })).errcode).toBe(40003);
      const base = await redeem(await codeFor('u01'));
      expect(
        (await api('/sns/userinfo', { access_token: base.access_token ?? '', openid: base.openid ?? '' })).errcode,
      ).toBe(48001);
      rig.wallOffsetMs += 7_201_000;
      expect((await api('/sns/auth', access)).errcode).toBe(42001);
      const refreshed = await api('/sns/oauth2/refresh_token', {
        appid: rig.appId,
        grant_type: 'refresh_token',
        refresh_token: told.refresh_token ?? '',
      });
      expect(refreshed.openid).toBe(told.openid);
      expect(
        (
          await api('/sns/oauth2/refresh_token', {
            appid: rig.appId,
            grant_type: 'refresh_token',
            refresh_token: 'x.y',
          })
        ).errcode,
      ).toBe(40030);
    });

    it('may be used up by a call whose answer is lost', async () => {
      const code = await codeFor('u01');
      await rig.admin('POST', '/faults', { scope: 'oauth', kind: 'system_error', next: 1 });
      expect((await redeem(code)).errcode).toBe(-1);
      expect((await redeem(code)).errcode).toBe(40163);
    });
  });

  describe('access_token', () => {
    const stable = async (more: object = {}): Promise<Told> => {
      const body = JSON.stringify({ grant_type: 'client_credential', appid: rig.appId, secret: secret(), ...more });
      const response = await fetch(`${rig.url('api')}/cgi-bin/stable_token`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      return (await response.json()) as Told;
    };
    const plain = (): Promise<Told> =>
      api('/cgi-bin/token', { grant_type: 'client_credential', appid: rig.appId, secret: secret() });
    const ticket = (told: Told): Promise<Told> =>
      api('/cgi-bin/ticket/getticket', { access_token: told.access_token ?? '', type: 'jsapi' });

    it('/token kills the one before at once', async () => {
      const first = await plain();
      const second = await plain();
      expect((await ticket(first)).errcode).toBe(40001);
      expect((await ticket(second)).errcode).toBe(0);
    });

    it('stable_token stays, overlaps near its end, and survives /token and a restart', async () => {
      const first = await stable();
      await plain();
      expect((await stable()).access_token).toBe(first.access_token);
      expect((await ticket(first)).errcode).toBe(0);
      await rig.restart();
      expect((await stable()).access_token).toBe(first.access_token);
      rig.wallOffsetMs += 7_200_000 - 4 * 60_000;
      const next = await stable();
      expect(next.access_token).not.toBe(first.access_token);
      expect((await ticket(first)).errcode).toBe(0);
      rig.wallOffsetMs += 5 * 60_000;
      expect((await ticket(first)).errcode).toBe(42001);
      expect((await ticket(next)).errcode).toBe(0);
    });

    it('force_refresh kills the old one, not twice within 30 s, not 21 times a day', async () => {
      const before = await stable();
      const forced = await stable({ force_refresh: true });
      expect(forced.access_token).not.toBe(before.access_token);
      expect((await ticket(before)).errcode).toBe(40001);
      expect((await stable({ force_refresh: true })).errcode).toBe(45009);
      for (let n = 0; n < 19; n += 1) {
        rig.wallOffsetMs += 31_000;
        expect((await stable({ force_refresh: true })).errcode).toBeUndefined();
      }
      rig.wallOffsetMs += 31_000;
      expect((await stable({ force_refresh: true })).errcode).toBe(45009);
      expect((await stable({ secret: 'wrong' })).errcode).toBe(40001);
      expect((await stable({ appid: 'wxother' })).errcode).toBe(40013);
    });

    it('its ticket decides whether wx.config succeeds', async () => {
      const { ticket: value = '' } = await ticket(await stable());
      const url = 'http://h5.test/K0123?x=1';
      const sign = (secretTicket: string, of: string): string =>
        createHash('sha1')
          .update(`jsapi_ticket=${secretTicket}&noncestr=N1&timestamp=1700000000&url=${of}`)
          .digest('hex');
      const config = async (changes: object): Promise<string> => {
        const body = JSON.stringify({
          appId: rig.appId,
          nonceStr: 'N1',
          timestamp: 1700000000,
          url,
          signature: sign(value, url),
          ...changes,
        });
        const response = await fetch(`${rig.url('js')}/sandbox/config`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'text/plain' },
        });
        return ((await response.json()) as { errMsg: string }).errMsg;
      };
      expect(await config({})).toBe('config:ok');
      expect(await config({ url: 'http://h5.test/other' })).toBe('config:fail, invalid signature');
      expect(await config({ signature: sign('old', url) })).toBe('config:fail, invalid signature');
      const foreign = 'http://evil.example/';
      expect(await config({ url: foreign, signature: sign(value, foreign) })).toBe('config:fail, invalid url domain');
      const sub = 'http://m.h5.test/';
      expect(await config({ url: sub, signature: sign(value, sub) })).toBe('config:ok');
      await ticket(await stable());
      expect(await config({})).toBe('config:fail, invalid signature');
    });
  });

  it('renders the script for the visitor who asks', async () => {
    const script = async (cookie: string): Promise<string> =>
      (await fetch(`${rig.url('js')}/open/js/jweixin-1.6.0.js`, { headers: { cookie } })).text();
    expect(await script('sandbox_user=u06')).toContain('113.69.16.34');
    expect(await script('')).toContain('"jsOrigin"');
    expect(await script('')).not.toContain('113.69.16.34');
  });
});
