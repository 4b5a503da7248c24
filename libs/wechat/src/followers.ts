import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Transient } from '@app/kernel';
import { counter } from '@app/observability';
import { ApiClient, type ApiReply } from './api-client';
import { CredentialHolder } from './credential-holder';

const asked = counter('wechat_follower_questions_total', 'Whether somebody follows, by what came back', [
  'outcome',
] as const);

/** Who follows the official account (`GET /cgi-bin/user/info`, field `subscribe`). */
@Injectable()
export class Followers {
  constructor(
    private readonly credentials: CredentialHolder,
    private readonly client: ApiClient,
  ) {}

  /**
   * True or false as WeChat tells it; null when it does not, or not within `boundMs`: somebody waits for a page and this is only good to
   * know. Never throws for anything WeChat says or fails to say.
   */
  async follows(openid: string, boundMs: number): Promise<boolean | null> {
    const late = new AbortController();
    const tooLate = sleep(boundMs, null, { signal: late.signal, ref: false }).catch(() => null);
    const answer = await Promise.race([this.ask(openid), tooLate]);
    late.abort();
    asked.inc({ outcome: answer === null ? 'unknown' : answer ? 'follows' : 'does_not' });
    return answer;
  }

  private async ask(openid: string): Promise<boolean | null> {
    try {
      return subscribed(
        await this.credentials.withToken((token) =>
          this.client.get('/cgi-bin/user/info', { access_token: token, openid, lang: 'zh_CN' }),
        ),
      );
    } catch (error) {
      // No token to be had now.
      if (error instanceof Transient) return null;
      throw error;
    }
  }
}

function subscribed(reply: ApiReply): boolean | null {
  if (reply.noReply || reply.errcode !== 0) return null;
  const { subscribe } = reply.body;
  return subscribe === 1 ? true : subscribe === 0 ? false : null;
}
