import { createHash, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, Agent, type AgentOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type RunningSandbox } from '../src/sandbox';
import type { SandboxOptions, ServerName } from '../src/settings';
import { makeKeys, type TestKeys, type TestMerchant } from './keys';

export interface Reply<T = Record<string, unknown>> {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json: T;
}

export interface V3Options {
  merchant?: TestMerchant;
  timestamp?: number;
  nonce?: string;
  serialNo?: string;
  authorization?: string | null;
  signature?: string;
  timeoutMs?: number;
}

/** A sandbox of its own with a clock to move, and the hands of a merchant, a browser and an operator. */
export class Rig {
  private readonly agents: Agent[] = [];
  private running: RunningSandbox | undefined;
  private readonly storeDir = mkdtempSync(join(tmpdir(), 'wechat-sandbox-'));
  wallOffsetMs = 0;
  readonly agent: Agent;

  constructor(
    readonly keys: TestKeys = makeKeys(),
    private readonly options: Partial<SandboxOptions> = {},
  ) {
    this.agent = this.makeAgent({});
  }

  async start(): Promise<this> {
    this.running = await startSandbox({
      secrets: this.keys.secrets,
      storeDir: this.storeDir,
      oauthDomains: ['h5.test', 'h5.test:8080'],
      jsDomains: ['h5.test', '127.0.0.1'],
      fast: true,
      wallClock: () => Date.now() + this.wallOffsetMs,
      ...this.options,
    });
    return this;
  }

  async restart(): Promise<void> {
    await this.running?.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    for (const agent of this.agents) agent.destroy();
    rmSync(this.storeDir, { recursive: true, force: true });
  }

  get eventFile(): string {
    return join(this.storeDir, 'events.jsonl');
  }

  get appId(): string {
    return this.keys.secrets.wechat.appId;
  }

  get merchant(): TestMerchant {
    return this.keys.merchants[0];
  }

  url(name: ServerName): string {
    const port = this.running?.ports[name] ?? 0;
    return `${name === 'pay' ? 'https' : 'http'}://127.0.0.1:${port}`;
  }

  makeAgent(options: AgentOptions): Agent {
    const agent = new Agent({ ca: this.keys.ca, keepAlive: true, ...options });
    this.agents.push(agent);
    return agent;
  }

  async admin<T = Record<string, unknown>>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.adminRaw(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  adminRaw(method: string, path: string, body?: object): Promise<Response> {
    return fetch(this.url('admin') + path, {
      method,
      headers: { 'x-sandbox-token': this.keys.secrets.sandbox.adminToken, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async openid(userId: string): Promise<string> {
    return (await this.admin<{ openid: string }>('GET', `/users/${userId}`)).openid;
  }

  advance(seconds: number): Promise<{ moved: number }> {
    return this.admin('POST', '/clock/advance', { seconds });
  }

  async v3<T = Record<string, unknown>>(
    method: string,
    path: string,
    body: object | string = '',
    options: V3Options = {},
  ): Promise<Reply<T>> {
    const merchant = options.merchant ?? this.merchant;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const timestamp = options.timestamp ?? Math.floor((Date.now() + this.wallOffsetMs) / 1_000);
    const nonce = options.nonce ?? randomBytes(16).toString('hex');
    const message = `${method}\n${path}\n${timestamp}\n${nonce}\n${text}\n`;
    const signature = options.signature ?? sign('sha256', Buffer.from(message), merchant.privateKey).toString('base64');
    const serial = options.serialNo ?? merchant.serialNo;
    const authorization =
      options.authorization === undefined
        ? `WECHATPAY2-SHA256-RSA2048 signature="${signature}",mchid="${merchant.mchId}",nonce_str="${nonce}",serial_no="${serial}",timestamp="${timestamp}"`
        : options.authorization;
    const headers: Record<string, string> = {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': 'rig',
    };
    if (authorization !== null) headers['authorization'] = authorization;
    const reply = await this.pay(method, path, text, headers, this.agent, options.timeoutMs);
    return { ...reply, json: JSON.parse(reply.text) as T };
  }

  pay(
    method: string,
    path: string,
    body: string,
    headers: Record<string, string>,
    agent: Agent,
    timeoutMs = 10_000,
  ): Promise<Reply<unknown>> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        this.url('pay') + path,
        { method, agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, timeout: timeoutMs },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString('utf8'),
              json: undefined,
            }),
          );
        },
      );
      request.on('timeout', () => request.destroy(new Error('client timeout')));
      request.on('error', reject);
      request.end(body);
    });
  }

  /** Whether the platform's signature on a v3 reply is good. */
  signedByPlatform(reply: Pick<Reply, 'headers' | 'text'>): boolean {
    const header = (name: string): string => String(reply.headers[name] ?? '');
    const { publicKeyId, publicKey } = this.keys.secrets.wechat.platform;
    if (header('wechatpay-serial') !== publicKeyId) return false;
    const message = `${header('wechatpay-timestamp')}\n${header('wechatpay-nonce')}\n${reply.text}\n`;
    return verify(
      'sha256',
      Buffer.from(message),
      createPublicKey(publicKey),
      Buffer.from(header('wechatpay-signature'), 'base64'),
    );
  }

  order(outBillNo: string, openid: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      appid: this.appId,
      out_bill_no: outBillNo,
      transfer_scene_id: '1000',
      openid,
      transfer_amount: 188,
      transfer_remark: '扫码有礼',
      user_recv_perception: '活动奖励',
      transfer_scene_report_infos: [
        { info_type: '活动名称', info_content: '扫码有礼' },
        { info_type: '奖励说明', info_content: '一物一码红包' },
      ],
      ...changes,
    };
  }
}

export const BILLS = '/v3/fund-app/mch-transfer/transfer-bills';

/** The v2 signature, written independently of the sandbox's. */
export function v2Sign(fields: Record<string, string>, key: string): string {
  const text = Object.entries(fields)
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return createHash('md5').update(`${text}&key=${key}`).digest('hex').toUpperCase();
}

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

/** A merchant's callback address that answers as told and keeps what it got. */
export async function inbox(
  answers: (count: number) => number = () => 204,
): Promise<{ url: string; got: Received[]; close(): Promise<void> }> {
  const got: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8'), at: Date.now() });
      response.writeHead(answers(got.length)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    got,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Waits until `probe` says yes; fails after five seconds. */
export async function eventually(probe: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen within 5 s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
