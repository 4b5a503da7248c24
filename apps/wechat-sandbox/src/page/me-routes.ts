import type { FastifyInstance } from 'fastify';
import type { AccountMessage, MessageBox } from '../messages/message-box';
import type { Authorizing } from '../pay/authorizing';
import type { Redpacks } from '../pay/redpacks';
import type { Settings } from '../settings';
import { queryText } from '../web-server';
import type { Authorization } from '../world/authorization';
import type { Bill } from '../world/bill';
import { beijingTime } from '../world/clock';
import type { SandboxUser } from '../world/event';
import { userAccount } from '../world/ledger';
import type { Store } from '../world/store';
import { htmlPage } from './authorize-routes';
import { html, yuan, type Html } from './html';
import { avatar, avatarSvg, page, people } from './layout';
import { listed, remembered, visitor } from './visitor';

const SHOWN = 20;
const WORDS: Record<string, string> = {
  SENDING: '发送中',
  SENT: '点一下领取',
  RECEIVED: '已存入零钱',
  RFUND_ING: '退回中',
  REFUND: '已过期退回',
  FAILED: '发放失败',
  WAIT_USER_CONFIRM: '待确认收款',
  SUCCESS: '已存入零钱',
  FAIL: '未收款，已退回',
  CANCELLED: '商家已撤销',
};

export interface MeParts {
  store: Store;
  settings: Settings;
  redpacks: Redpacks;
  authorizing: Authorizing;
  box: MessageBox;
}

/** The fake user's own WeChat: change money, red packets to open, transfers seen, merchants that may pay without asking. */
export function meRoutes(app: FastifyInstance, { store, settings, redpacks, authorizing, box }: MeParts): void {
  app.get('/', (_request, reply) => reply.redirect('/me', 302));

  app.get('/me', (request, reply) => {
    const switching = queryText(request, 'switch') !== undefined;
    const user = switching ? undefined : visitor(request, reply, store.world);
    if (user !== undefined) return htmlPage(reply, mePage(user, store, settings, box.latest(SHOWN, user.id)));
    const list = people(listed(store.world), (one) => `/me?sandbox_user=${encodeURIComponent(one.id)}`);
    return htmlPage(
      reply,
      page(
        '选择微信用户',
        html`<header style="padding:32px 16px 20px">
            <span class="label">微信沙盒</span>
            <h1>看谁的微信？</h1>
          </header>
          ${list}`,
      ),
    );
  });

  app.post('/me/packets/:key', (request, reply) => {
    const bill = store.world.bills.get((request.params as { key: string }).key);
    if (bill === undefined || bill.channel !== 'redpack') return reply.code(404).send({ message: '没有这个红包' });
    const result = redpacks.receive(bill, remembered(request));
    if (result.kind === 'refused') return reply.code(409).send({ message: result.message });
    return reply.redirect('/me', 303);
  });

  app.post('/me/authorizations/:key/close', (request, reply) => {
    const found = store.world.authorizations.get((request.params as { key: string }).key);
    if (found === undefined || found.userId !== remembered(request)) {
      return reply.code(404).send({ message: '没有这个授权' });
    }
    authorizing.close(found, 'USER_CLOSE');
    return reply.redirect('/me', 303);
  });

  app.get('/avatar/:file', (request, reply) => {
    const id = (request.params as { file: string }).file.replace(/\.svg$/, '');
    const user = store.world.users.get(id);
    if (user === undefined) return reply.code(404).send({ message: '没有这位用户' });
    return reply.header('content-type', 'image/svg+xml').send(avatarSvg(user));
  });
}

function mePage(user: SandboxUser, store: Store, settings: Settings, messages: readonly AccountMessage[]): string {
  const bills = store.world.billsOf(user.id).slice(-SHOWN).reverse();
  const agreed = store.world.authorizations.of(user.id).filter(({ state }) => state === 'TAKING_EFFECT');
  const balance = store.world.ledger.balance(userAccount(user.id));
  return page(
    '我的微信',
    html`<header class="group" style="padding:32px 16px 24px;display:flex;align-items:center;gap:16px;border-top:0">
        ${avatar(user, true)}
        <div style="flex:1">
          <h1>${user.nickname}</h1>
          <p class="hint">${user.city}</p>
        </div>
        <a class="hint" style="color:#576b95" href="/me?switch=1">换一位</a>
      </header>
      <div class="group" style="margin-top:8px;padding:16px;display:flex;justify-content:space-between">
        <span>零钱</span><strong>¥ ${yuan(balance)}</strong>
      </div>
      ${agreed.length === 0 ? undefined : authorizationList(agreed, settings)}
      ${messages.length === 0 ? undefined : messageList(messages, settings)}
      <p class="hint" style="padding:20px 16px 8px">红包和转账</p>
      <div class="group">
        ${bills.length === 0 ? html`<p class="hint" style="padding:20px 16px">还没有收到过，扫一个码试试。</p>` : bills.map(billRow)}
      </div>`,
  );
}

/** Cards of the account, as they lie in its chat. */
function messageList(messages: readonly AccountMessage[], settings: Settings): Html {
  return html`<p class="hint" style="padding:20px 16px 8px">${settings.appName}的消息</p>
    <div class="group">
      ${messages.map(
        (message) =>
          html`<a class="row" href="${message.url}"
            ><span class="grow"
              ><span class="name">${message.title}</span><br />${message.lines.map(
                ({ name, value }) => html`<span class="sub">${name}：${value}</span><br />`,
              )}</span
            ><span class="arrow"></span
          ></a>`,
      )}
    </div>`;
}

function authorizationList(agreed: readonly Authorization[], settings: Settings): Html {
  return html`<p class="hint" style="padding:20px 16px 8px">免确认收款</p>
    <div class="group">
      ${agreed.map(
        (one) =>
          html`<form
            class="row"
            method="post"
            action="/me/authorizations/${encodeURIComponent(one.key)}/close"
            data-authorization="${one.outNo}"
          >
            <span class="grow"
              ><span class="name">${settings.merchantName}</span><br /><span class="sub"
                >开通账号 ${one.displayName} · 转账直接存入零钱</span
              ></span
            ><button
              class="button plain"
              style="width:auto;height:32px;line-height:32px;margin:0;padding:0 14px;font-size:14px;border-radius:6px"
            >
              解除
            </button>
          </form>`,
      )}
    </div>`;
}

function billRow(bill: Bill): Html {
  const title = bill.channel === 'redpack' ? `${bill.details.sendName ?? '商户'}的红包` : bill.details.remark;
  const line = html`<span class="grow"
      ><span class="name">${title}</span><br /><span class="sub"
        >${WORDS[bill.state] ?? '处理中'} · ${beijingTime(bill.createdAt).slice(5, 16)}</span
      ></span
    ><span>¥ ${yuan(bill.amountFen)}</span>`;
  if (bill.channel !== 'redpack' || bill.state !== 'SENT') return html`<div class="row">${line}</div>`;
  return html`<form method="post" action="/me/packets/${encodeURIComponent(bill.key)}">
    <button
      class="row"
      style="width:100%;border:0;background:none;font:inherit;text-align:left;cursor:pointer;color:var(--packet)"
    >
      ${line}
    </button>
  </form>`;
}
