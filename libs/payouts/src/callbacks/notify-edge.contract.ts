import { createCipheriv, createPrivateKey, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NotifyHeaders } from '@app/wechat';
import type { TestSandbox } from '@app/testing';
import type { NotifyAnswer } from './notify-answer';

type Handle = (headers: NotifyHeaders, body: Buffer) => Promise<NotifyAnswer>;

/** Our callback address as the API has it, for specs that run no API. */
export interface NotifyEdge {
  readonly url: string;
  /** Statuses of all answers, in order. */
  readonly answers: number[];
  /** While true nobody hears anything: 502. */
  deaf: boolean;
  /** By path. Set when there is something to call. */
  handlers: Readonly<Record<string, Handle>>;
  close(): void;
}

export async function openNotifyEdge(): Promise<NotifyEdge> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const handle = edge.handlers[request.url ?? ''];
      if (edge.deaf || !handle) return void response.writeHead(502).end();
      void handle(request.headers, Buffer.concat(chunks)).then(({ status, body }) => {
        edge.answers.push(status);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const edge: NotifyEdge = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers: [],
    deaf: false,
    handlers: {},
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return edge;
}

/** A callback as WeChat Pay would make it, with the platform's real key. */
export function signedNotify(
  { secrets: { wechat, sandbox } }: Pick<TestSandbox, 'secrets'>,
  eventType: string,
  resource: object,
  /** Spoils it: another time (s), key, serial, or body than the one that was signed. */
  change: { timestamp?: number; key?: string; serial?: string; body?: string } = {},
): { headers: Record<string, string>; body: Buffer } {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', wechat.merchants[0]!.apiV3Key, nonce).setAAD(Buffer.from('mch_payment'));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(resource)), cipher.final(), cipher.getAuthTag()]);
  const body = JSON.stringify({
    ...{ id: randomBytes(16).toString('hex'), create_time: new Date().toISOString(), event_type: eventType },
    ...{ resource_type: 'encrypt-resource', summary: 'spec' },
    resource: {
      ...{ original_type: 'mch_payment', algorithm: 'AEAD_AES_256_GCM', ciphertext: sealed.toString('base64') },
      ...{ nonce, associated_data: 'mch_payment' },
    },
  });
  const timestamp = String(change.timestamp ?? Math.floor(Date.now() / 1000));
  const key = createPrivateKey(change.key ?? sandbox.platformPrivateKey);
  const message = Buffer.from(`${timestamp}\n${nonce}\n${body}\n`);
  const headers = {
    'wechatpay-serial': change.serial ?? wechat.platform.publicKeyId,
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-signature': sign('RSA-SHA256', message, key).toString('base64'),
  };
  return { headers, body: Buffer.from(change.body ?? body) };
}
