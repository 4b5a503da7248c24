import { Injectable } from '@nestjs/common';
import { Transient } from '@app/kernel';
import { counter } from '@app/observability';
import { ApiClient, type ApiReply } from './api-client';
import { CredentialHolder } from './credential-holder';

/** What became of a message to one person. Only `unknown` may or may not have been sent. */
export type MessageVerdict =
  | { readonly kind: 'sent' }
  /** Does not follow the account: a template message cannot reach anybody else. */
  | { readonly kind: 'not_following' }
  /** Refused by the person, or the agreements to be written to are used up. */
  | { readonly kind: 'refused' }
  /** Our template or our fields are wrong: the same for everybody until somebody repairs it. */
  | { readonly kind: 'misconfigured'; readonly errcode: number }
  /** Not taken now. */
  | { readonly kind: 'later'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

export interface TemplateMessage {
  readonly openid: string;
  readonly templateId: string;
  /** Where a tap leads. */
  readonly url: string;
  /** WeChat sends one message per person and id; it remembers an id for ten minutes. */
  readonly clientMsgId: string;
  readonly data: Readonly<Record<string, { readonly value: string }>>;
}

export type SubscriptionMessage = Omit<TemplateMessage, 'clientMsgId'>;

/** `errcode` of both calls (`WECHAT.md` §6). What is not listed is `misconfigured`, so that somebody looks. */
export const MESSAGE_ERRORS: Readonly<Record<number, 'not_following' | 'refused' | 'later' | 'unknown'>> = {
  [-1]: 'unknown',
  43004: 'not_following',
  40003: 'refused',
  43101: 'refused',
  43019: 'refused',
  45009: 'later',
  45011: 'later',
  40001: 'later',
  40014: 'later',
  42001: 'later',
};

const sent = counter('wechat_messages_total', 'Messages to people, by kind and verdict', ['kind', 'verdict'] as const);

/** Service messages of the official account. Never throws for anything WeChat says or fails to say. */
@Injectable()
export class AccountMessages {
  constructor(
    private readonly credentials: CredentialHolder,
    private readonly client: ApiClient,
  ) {}

  /** 模板消息: reaches followers. The same `clientMsgId` again within ten minutes is not sent twice. */
  template({ openid, templateId, url, clientMsgId, data }: TemplateMessage): Promise<MessageVerdict> {
    const body = { touser: openid, template_id: templateId, url, client_msg_id: clientMsgId, data };
    return this.send('template', '/cgi-bin/message/template/send', body);
  }

  /** 订阅通知: one for each time the person agreed. It has no id, so whoever repeats one may send two. */
  subscription({ openid, templateId, url, data }: SubscriptionMessage): Promise<MessageVerdict> {
    const body = { touser: openid, template_id: templateId, page: url, data };
    return this.send('subscription', '/cgi-bin/message/subscribe/bizsend', body);
  }

  private async send(kind: string, path: string, body: object): Promise<MessageVerdict> {
    const verdict = await this.ask(path, body);
    sent.inc({ kind, verdict: verdict.kind });
    return verdict;
  }

  private async ask(path: string, body: object): Promise<MessageVerdict> {
    try {
      return verdictOf(
        await this.credentials.withToken((token) =>
          this.client.post(`${path}?${new URLSearchParams({ access_token: token })}`, body),
        ),
      );
    } catch (error) {
      // No token to be had now: nothing was sent.
      if (error instanceof Transient) return { kind: 'later', why: 'no_token' };
      throw error;
    }
  }
}

function verdictOf(reply: ApiReply): MessageVerdict {
  if (reply.noReply) return { kind: 'unknown', why: reply.cause };
  const { errcode } = reply;
  if (errcode === 0) return { kind: 'sent' };
  const known = MESSAGE_ERRORS[errcode];
  if (known === undefined) return { kind: 'misconfigured', errcode };
  if (known === 'later' || known === 'unknown') return { kind: known, why: String(errcode) };
  return { kind: known };
}
