import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Decorator } from 'wechatpay-axios-plugin';
import { CONFIG, type Config, type Merchant } from '@app/config';
import { Defect, systemClock } from '@app/kernel';
import { endOf, isOver } from './key-dates';
import { readBroken, readReply } from './read-reply';
import type { WireReply } from './wire-reply';

/** Signed exchanges with WeChat Pay in the name of one merchant. Neither method ever throws for what the network does. */
export interface MerchantWire {
  readonly mchId: string;
  readonly appId: string;
  v3(method: 'get' | 'post', path: string, body?: Readonly<Record<string, unknown>>): Promise<WireReply>;
  v2(path: string, fields: Readonly<Record<string, string>>): Promise<WireReply>;
  /** A signed GET whose answer is a file, which WeChat does not sign. `signal` ends it at any time. */
  download(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<OpenedFile>;
}

export type OpenedFile =
  { readonly noFile: false; readonly stream: Readable } | { readonly noFile: true; readonly why: string };

const MAX_SOCKETS = 32;
const EXPIRED: WireReply = { noReply: true, cause: 'expired', provablyNotSent: true, raw: 'a certificate has ended' };

/** Holds the merchants' keys and connections. Exists in every process, works only where private keys are: in the worker. */
@Injectable()
export class PaymentWire implements OnApplicationShutdown {
  private readonly wires = new Map<string, { wire: MerchantWire; close: () => void }>();

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Throws Defect for an unknown merchant and in a process that holds no merchant key. */
  of(mchId: string): MerchantWire {
    let entry = this.wires.get(mchId);
    if (!entry) {
      const merchant = this.config.wechat.merchants.find((candidate) => candidate.mchId === mchId);
      if (!merchant) throw new Defect(`merchant ${mchId} is not configured`);
      entry = this.open(merchant);
      this.wires.set(mchId, entry);
    }
    return entry.wire;
  }

  onApplicationShutdown(): void {
    for (const { close } of this.wires.values()) close();
    this.wires.clear();
  }

  private open(merchant: Merchant): { wire: MerchantWire; close: () => void } {
    const { privateKey, mchId } = merchant;
    if (privateKey === null) throw new Defect('this process holds no merchant key and must not talk to WeChat Pay');
    const { wechat, waits } = this.config;
    const plain = this.agent({});
    const withCertificate = this.agent({ cert: merchant.certificate, key: privateKey });
    const client = new Decorator({
      mchid: mchId,
      serial: merchant.serialNo,
      privateKey,
      certs: Object.fromEntries(
        [wechat.platform, ...wechat.platform.others].map(({ publicKeyId, publicKey }) => [publicKeyId, publicKey]),
      ),
      secret: merchant.apiV2Key,
      baseURL: `${wechat.payUrl}/`,
      timeout: waits.wechatTimeoutMs,
      maxRedirects: 0,
      proxy: false,
    } as ConstructorParameters<typeof Decorator>[0]);
    // What WeChat would refuse, and what nobody could verify, is not sent.
    const ends = [endOf(merchant.certificate), endOf(wechat.platform.publicKey)];
    const exchange = async (send: (signal: AbortSignal) => PromiseLike<unknown>): Promise<WireReply> => {
      const now = systemClock.now();
      if (ends.some((until) => isOver(until, now))) return EXPIRED;
      try {
        return readReply(await send(AbortSignal.timeout(waits.wechatTimeoutMs)));
      } catch (error) {
        return readBroken(error);
      }
    };
    return {
      close: () => [plain, withCertificate].forEach((agent) => agent.destroy()),
      wire: {
        mchId,
        appId: wechat.appId,
        v3: (method, path, body) =>
          exchange((signal) =>
            client.request(path, method, body, {
              signal,
              httpsAgent: plain,
              headers: { 'Wechatpay-Serial': wechat.platform.publicKeyId, Accept: 'application/json' },
            }),
          ),
        v2: (path, fields) =>
          exchange((signal) => client.request(`v2/${path}`, 'post', fields, { signal, httpsAgent: withCertificate })),
        download: async (path, query, signal) => {
          const file = { params: query, responseType: 'stream', decompress: false } as const;
          try {
            const { data } = await client.request(path, 'get', undefined, { ...file, signal, httpsAgent: plain });
            return { noFile: false, stream: data as Readable };
          } catch (error) {
            const { code, response } = error as { code?: string; response?: { status: number; data?: Readable } };
            response?.data?.destroy();
            return { noFile: true, why: response ? `http ${response.status}` : (code ?? 'no answer') };
          }
        },
      },
    };
  }

  /** The client certificate goes with every connection of the v2 agent; no session is resumed, since a resumed one shows none. */
  private agent(identity: { cert?: string; key?: string }): Agent {
    const { extraCa } = this.config.wechat;
    return new Agent({
      ...identity,
      ...(extraCa === null ? {} : { ca: [...rootCertificates, extraCa] }),
      keepAlive: true,
      maxSockets: MAX_SOCKETS,
      maxCachedSessions: 0,
    });
  }
}
