import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Authorizing, OpenedAuthorization } from '../pay/authorizing';
import type { Transfers } from '../pay/transfers';
import type { Settings } from '../settings';
import { jsonBody, queryText } from '../web-server';
import type { Bill } from '../world/bill';
import { beijingTime } from '../world/clock';
import type { Store } from '../world/store';
import { agreedPage, askPage } from './authorization-page';
import { htmlPage } from './authorize-routes';
import { CLOSE_MARK, CLOSE_SCRIPT, CONFIRM_SCRIPT } from './closing';
import { html, yuan } from './html';
import { avatar, page, people } from './layout';
import { here, listed, remembered, visitor } from './visitor';

const confirmRequest = z.object({ package: z.string(), mchId: z.string(), appId: z.string() });

export interface ConfirmParts {
  store: Store;
  settings: Settings;
  transfers: Transfers;
  authorizing: Authorizing;
}

/** What WeChat itself shows when a page calls requestMerchantTransfer. It lives in a frame above that page and tells it only that it was closed. */
export function confirmRoutes(app: FastifyInstance, { store, settings, transfers, authorizing }: ConfirmParts): void {
  app.get('/transfer/confirm', (request, reply) => {
    const user = visitor(request, reply, store.world);
    if (user === undefined) {
      const list = people(listed(store.world), (one) => here(request, { sandbox_user: one.id }));
      return htmlPage(
        reply,
        page(
          '选择微信用户',
          html`<header style="padding:32px 16px 20px">
              <span class="label">微信沙盒</span>
              <h1>用谁的微信收款？</h1>
            </header>
            ${list}`,
        ),
      );
    }
    const [sealed, mchId, appId] = ['package', 'mchId', 'appId'].map((name) => queryText(request, name) ?? '');
    const asked = authorizing.openPackage(sealed ?? '', mchId ?? '', appId ?? '', user.id);
    if (asked?.kind === 'refused') return htmlPage(reply, refusedPage(asked.message));
    if (asked?.kind === 'agreed') return htmlPage(reply, agreedPage(settings));
    if (asked?.kind === 'ready') return htmlPage(reply, askPage(asked.authorization, settings));
    const opened = transfers.openPackage(sealed ?? '', mchId ?? '', appId ?? '', user.id);
    if (opened.kind === 'refused') return htmlPage(reply, refusedPage(opened.message));
    if (opened.kind === 'paid') return htmlPage(reply, donePage(opened.bill));
    return htmlPage(reply, readyPage(opened.bill, settings));
  });

  app.post('/transfer/confirm', (request: FastifyRequest, reply: FastifyReply) => {
    const asked = confirmRequest.safeParse(jsonBody(request));
    const userId = remembered(request);
    if (!asked.success) return reply.code(400).send({ message: '参数错误' });
    const { package: sealed, mchId, appId } = asked.data;
    const agreement = authorizing.openPackage(sealed, mchId, appId, userId);
    if (agreement !== undefined) return reply.code(agree(authorizing, agreement, userId) === null ? 200 : 409).send({});
    const opened = transfers.openPackage(sealed, mchId, appId, userId);
    if (opened.kind === 'refused') return reply.code(409).send({ message: opened.message });
    const result = transfers.confirm(opened.bill, userId);
    if (result.kind === 'refused') return reply.code(409).send({ message: result.message });
    return reply.send({ state: result.state });
  });
}

/** Returns why not, or null. */
function agree(authorizing: Authorizing, opened: OpenedAuthorization, userId: string): string | null {
  return opened.kind === 'refused' ? opened.message : authorizing.agree(opened.authorization, userId);
}

function readyPage(bill: Bill, settings: Settings): string {
  const merchant = { id: bill.mchId, nickname: settings.merchantName };
  return page(
    '确认收款',
    html`${CLOSE_MARK}
      <section style="padding:80px 24px 36px;text-align:center">
        <div style="display:flex;justify-content:center">${avatar(merchant, true)}</div>
        <p style="margin-top:14px;font-size:17px;line-height:24px">${settings.merchantName}</p>
        <p class="hint" style="margin-top:2px">${bill.details.perception ?? '活动奖励'}</p>
        <p class="amount" style="margin-top:20px"><small>¥</small>${yuan(bill.amountFen)}</p>
      </section>
      <dl class="facts">
        <div>
          <dt>转账说明</dt>
          <dd>${bill.details.remark}</dd>
        </div>
        <div>
          <dt>转账时间</dt>
          <dd>${beijingTime(bill.createdAt)}</dd>
        </div>
        <div>
          <dt>收款方式</dt>
          <dd>零钱</dd>
        </div>
      </dl>
      <div class="push" style="min-height:32px"></div>
      <p
        id="problem"
        class="hint"
        role="alert"
        style="min-height:20px;margin-bottom:8px;text-align:center;color:var(--red)"
      ></p>
      <button class="button" id="confirm">确认收款</button>
      <button class="button plain" id="cancel" data-leave="cancel">取消</button>
      <p class="hint" style="margin:20px 24px 8px;text-align:center;font-size:13px">24小时内未确认，将退还给对方</p>`,
    { white: true, script: CONFIRM_SCRIPT },
  );
}

function donePage(bill: Bill): string {
  return page(
    '收款成功',
    html`<section style="padding:104px 24px 36px;text-align:center">
        <svg width="72" height="72" viewBox="0 0 72 72" aria-hidden="true">
          <circle cx="36" cy="36" r="34" fill="#07c160" />
          <path
            d="M22 37l10 10 19-20"
            fill="none"
            stroke="#fff"
            stroke-width="5"
            stroke-linecap="round"
            stroke-linejoin="round"
          />
        </svg>
        <p style="margin-top:20px;font-size:17px">已收款，存入零钱</p>
        <p class="amount" style="margin-top:12px"><small>¥</small>${yuan(bill.amountFen)}</p>
      </section>
      <dl class="facts">
        <div>
          <dt>转账说明</dt>
          <dd>${bill.details.remark}</dd>
        </div>
        <div>
          <dt>收款时间</dt>
          <dd>${beijingTime(bill.updatedAt)}</dd>
        </div>
      </dl>
      <div class="push" style="min-height:32px"></div>
      <button class="button" id="done" data-leave="ok">完成</button>
      <div style="height:40px"></div>`,
    { white: true, script: CLOSE_SCRIPT },
  );
}

function refusedPage(message: string): string {
  return page(
    '暂时无法收款',
    html`<section style="padding:112px 32px 0;text-align:center">
        <svg width="72" height="72" viewBox="0 0 72 72" aria-hidden="true">
          <circle cx="36" cy="36" r="34" fill="#ffc300" />
          <rect x="33" y="18" width="6" height="24" rx="3" fill="#fff" />
          <circle cx="36" cy="51" r="4" fill="#fff" />
        </svg>
        <h1 style="margin-top:24px">暂时无法收款</h1>
        <p class="hint" style="margin-top:8px">${message}</p>
      </section>
      <div class="push" style="min-height:48px"></div>
      <button class="button plain" id="done" data-leave="fail">知道了</button>
      <div style="height:40px"></div>`,
    { white: true, script: CLOSE_SCRIPT },
  );
}
