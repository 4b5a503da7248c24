import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConfigModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { JobsModule } from '@app/jobs';
import { Defect } from '@app/kernel';
import { createLogger, ObservabilityModule } from '@app/observability';
import { openTestDatabase, openTestSandbox, type TestDatabase, type TestSandbox } from '@app/testing';
import { CredentialHolder } from './credential-holder';
import { Followers } from './followers';
import { JsSdk, jsSignature } from './js-sdk';
import { WechatOAuth } from './oauth';
import { PaymentWire } from './payment-wire';
import { WechatModule } from './wechat.module';

jest.setTimeout(30_000);

let db: TestDatabase;
let sandbox: TestSandbox;
let apps: TestingModule[] = [];
beforeAll(async () => {
  db = await openTestDatabase();
  sandbox = await openTestSandbox();
  // What an earlier run stored was issued by another sandbox.
  await db.database.query('UPDATE wechat_credentials SET expires_at = UTC_TIMESTAMP(6)');
}, 90_000);
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  apps = [];
  await sandbox.noFaults();
});
afterAll(async () => {
  await sandbox.stop();
  await db.close();
});

/** A process of ours. */
async function start(role: 'api' | 'worker' = 'api'): Promise<TestingModule> {
  const config = sandbox.config({
    role,
    database: { url: db.url, poolSize: 4 },
    waitsChange: { wechatTimeoutMs: 1500 },
  });
  const app = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(
        role === 'api'
          ? {
              ...config,
              wechat: {
                ...config.wechat,
                merchants: config.wechat.merchants.map((one) => ({ ...one, privateKey: null })),
              },
            }
          : config,
      ),
      ObservabilityModule.forRoot(createLogger('spec', 'silent')),
      DatabaseModule.forRoot([]),
      JobsModule.forRoot({ run: false }),
      WechatModule,
    ],
  }).compile();
  apps.push(app);
  return app;
}
/** The calls the sandbox saw on this path. */
async function calls(path: string): Promise<number> {
  const { calls: seen } = await sandbox.admin<{ calls: { path?: string; url?: string }[] }>('GET', '/calls?limit=500');
  return seen.filter((call) => JSON.stringify(call).includes(path)).length;
}
/** Follows the authorize page as the silent browser of a fake user, and returns the code. */
async function codeFor(oauth: WechatOAuth, userId: string): Promise<{ code: string; state: string }> {
  const url = oauth.authorizeUrl({ redirectUri: 'http://127.0.0.1:8080/v1/h5/oauth/callback', state: 'st4te' });
  const response = await fetch(url.replace('#wechat_redirect', ''), {
    headers: { cookie: `sandbox_user=${userId}` },
    redirect: 'manual',
  });
  await response.body?.cancel();
  const back = new URL(response.headers.get('location')!);
  return { code: back.searchParams.get('code')!, state: back.searchParams.get('state')! };
}

describe('OAuth', () => {
  it('sends the browser off and learns who came back', async () => {
    const oauth = (await start()).get(WechatOAuth);
    const openid = await sandbox.addUser('oauth-1');
    const { code, state } = await codeFor(oauth, 'oauth-1');
    expect(state).toBe('st4te');
    expect(await oauth.exchangeOAuthCode(code)).toEqual({ kind: 'identified', openid, unionid: null, snapshot: false });
  });

  it('a code brought twice, also at once, is exchanged once and WeChat is not asked again', async () => {
    const oauth = (await start()).get(WechatOAuth);
    await sandbox.addUser('oauth-2');
    const { code } = await codeFor(oauth, 'oauth-2');
    const before = await calls('/sns/oauth2/access_token');
    const all = await Promise.all(Array.from({ length: 8 }, () => oauth.exchangeOAuthCode(code)));
    expect(all.filter(({ kind }) => kind === 'identified')).toHaveLength(1);
    expect(all.filter((one) => one.kind === 'failed' && one.reason === 'code_spent')).toHaveLength(7);
    expect((await calls('/sns/oauth2/access_token')) - before).toBe(1);
  });

  it('made-up codes, silence and virtual accounts are answers, not exceptions', async () => {
    const oauth = (await start()).get(WechatOAuth);
    expect(await oauth.exchangeOAuthCode(`nonsense-${randomUUID()}`)).toMatchObject({
      kind: 'failed',
      reason: 'code_spent',
      errcode: 40029,
    });
    await sandbox.addUser('oauth-3', { snapshot: true });
    const { code } = await codeFor(oauth, 'oauth-3');
    expect(await oauth.exchangeOAuthCode(code)).toMatchObject({ kind: 'identified', snapshot: true });
    await sandbox.fault({ scope: 'oauth', kind: 'timeout_before_commit', next: 1 });
    expect(await oauth.exchangeOAuthCode(`nonsense-${randomUUID()}`)).toMatchObject({
      reason: 'unreachable',
      cure: 'try_later',
    });
  });
});

describe('token and ticket', () => {
  it('two processes and sixty-four pages share one token and one ticket', async () => {
    const [one, two] = [(await start()).get(CredentialHolder), (await start()).get(CredentialHolder)];
    const before = [await calls('/cgi-bin/stable_token'), await calls('/cgi-bin/ticket/getticket')];
    const tickets = await Promise.all(
      Array.from({ length: 64 }, (_, at) => (at % 2 ? one : two).current('jsapi_ticket')),
    );
    expect(new Set(tickets).size).toBe(1);
    expect((await calls('/cgi-bin/stable_token')) - before[0]!).toBe(1);
    expect((await calls('/cgi-bin/ticket/getticket')) - before[1]!).toBe(1);
  });

  it('I23 keeps them sealed at rest', async () => {
    const holder = (await start()).get(CredentialHolder);
    const token = await holder.current('access_token');
    const rows = await db.database.query<{ value_sealed: Buffer }>('SELECT value_sealed FROM wechat_credentials');
    for (const { value_sealed: sealed } of rows) expect(sealed.toString('latin1')).not.toContain(token.slice(0, 20));
  });

  it('a token that WeChat refuses is dropped once and fetched anew', async () => {
    const holder = (await start()).get(CredentialHolder);
    await holder.current('access_token');
    const seen: string[] = [];
    const reply = await holder.withToken((token) => {
      seen.push(token);
      return Promise.resolve(
        seen.length === 1
          ? { noReply: false as const, errcode: 40001, body: {} }
          : { noReply: false as const, errcode: 0, body: { fine: true } },
      );
    });
    expect(reply).toMatchObject({ errcode: 0 });
    expect(seen).toHaveLength(2);
  });

  it('a quota error is passed on: no third call, no dropped token', async () => {
    const holder = (await start()).get(CredentialHolder);
    let count = 0;
    const reply = await holder.withToken(() =>
      Promise.resolve({ noReply: false as const, errcode: ++count && 45009, body: {} }),
    );
    expect([reply.errcode, count]).toEqual([45009, 1]);
  });
});

describe('page signatures', () => {
  it('signs our pages up to the fragment with the shared ticket', async () => {
    const app = await start();
    const url = 'http://127.0.0.1:8080/A0123456789ABCDEF?from=qr';
    const signed = await app.get(JsSdk).jsConfig(`${url}#/open`);
    const ticket = await app.get(CredentialHolder).current('jsapi_ticket');
    const { nonceStr, timestamp } = signed;
    expect(signed.signature).toBe(jsSignature({ ticket, nonceStr, timestamp, url }));
  });

  it("signs nobody else's page", async () => {
    const jsSdk = (await start()).get(JsSdk);
    for (const url of [
      'http://127.0.0.1:8081/',
      'https://127.0.0.1:8080/',
      'http://127.0.0.1:8080.evil.cn/',
      'http://evil.cn/?http://127.0.0.1:8080/',
      'http://127.0.0.1:8080@evil.cn/',
      'http://user@127.0.0.1:8080/',
      'javascript:alert(1)',
      'not a url',
      '',
    ]) {
      await expect(jsSdk.jsConfig(url)).rejects.toMatchObject({ code: 'foreign_url' });
    }
  });
});

it('I29 a process without the merchant key cannot talk to WeChat Pay', async () => {
  expect(() => sandbox.config()).not.toThrow();
  const wire = (await start('api')).get(PaymentWire);
  expect(() => wire.of(sandbox.mchId)).toThrow(Defect);
  expect(() => wire.of('1')).toThrow(Defect);
});

describe('followers', () => {
  it('are told apart by WeChat; nobody else is known', async () => {
    const followers = (await start()).get(Followers);
    const [follower, visitor] = [
      await sandbox.addUser('follower-1', { follows: true }),
      await sandbox.addUser('follower-2'),
    ];
    expect(await followers.follows(follower, 1000)).toBe(true);
    expect(await followers.follows(visitor, 1000)).toBe(false);
    expect(await followers.follows('o-nobody', 1000)).toBeNull();
  });

  it.each(['system_error', 'truncated_body', 'rate_limited', 'timeout_after_commit'])(
    'are unknown after %s, and nobody waits for them',
    async (kind) => {
      const followers = (await start()).get(Followers);
      const openid = await sandbox.addUser(`follower-${kind}`, { follows: true });
      await sandbox.fault({ scope: 'user.info', kind });
      const began = performance.now();
      expect(await followers.follows(openid, 300)).toBeNull();
      expect(performance.now() - began).toBeLessThan(1000);
    },
  );
});
