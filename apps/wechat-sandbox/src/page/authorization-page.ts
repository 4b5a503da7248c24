import type { Settings } from '../settings';
import type { Authorization } from '../world/authorization';
import { CLOSE_MARK, CLOSE_SCRIPT, CONFIRM_SCRIPT } from './closing';
import { html } from './html';
import { avatar, page } from './layout';

/** The user is asked whether this merchant may pay without asking each time. Leaving the page is no answer: it waits for 24 hours. */
export function askPage(authorization: Authorization, settings: Settings): string {
  const merchant = { id: authorization.mchId, nickname: settings.merchantName };
  return page(
    '免确认收款授权',
    html`${CLOSE_MARK}
      <section style="padding:80px 32px 28px;text-align:center">
        <div style="display:flex;justify-content:center">${avatar(merchant, true)}</div>
        <p style="margin-top:14px;font-size:17px;line-height:24px">${settings.merchantName}</p>
        <h1 style="margin-top:20px">申请免确认收款</h1>
        <p class="hint" style="margin-top:8px">同意后，转账直接存入零钱，不再逐笔确认</p>
      </section>
      <dl class="facts">
        <div>
          <dt>收款场景</dt>
          <dd>${authorization.perception ?? '活动奖励'}</dd>
        </div>
        <div>
          <dt>开通账号</dt>
          <dd>${authorization.displayName}</dd>
        </div>
        <div>
          <dt>解除方式</dt>
          <dd>我的微信，随时可解除</dd>
        </div>
      </dl>
      <div class="push" style="min-height:32px"></div>
      <p
        id="problem"
        class="hint"
        role="alert"
        style="min-height:20px;margin-bottom:8px;text-align:center;color:var(--red)"
      ></p>
      <button class="button" id="confirm">同意授权</button>
      <button class="button plain" id="cancel" data-leave="cancel">暂不开通</button>
      <div style="height:40px"></div>`,
    { white: true, script: CONFIRM_SCRIPT },
  );
}

export function agreedPage(settings: Settings): string {
  return page(
    '授权成功',
    html`<section style="padding:104px 32px 36px;text-align:center">
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
        <p style="margin-top:20px;font-size:17px">已同意${settings.merchantName}免确认收款</p>
        <p class="hint" style="margin-top:8px">之后的转账直接存入零钱</p>
      </section>
      <div class="push" style="min-height:32px"></div>
      <button class="button" id="done" data-leave="ok">完成</button>
      <div style="height:40px"></div>`,
    { white: true, script: CLOSE_SCRIPT },
  );
}
