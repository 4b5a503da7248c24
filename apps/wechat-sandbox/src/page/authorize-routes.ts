import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OauthCodes, OauthScope } from '../login/oauth-codes';
import type { Settings } from '../settings';
import { queryText } from '../web-server';
import type { SandboxUser } from '../world/event';
import type { Store } from '../world/store';
import { html } from './html';
import { avatar, page, people } from './layout';
import { here, listed, visitor } from './visitor';

const SWITCH = 'sandbox_switch';
const CONSENT = 'sandbox_consent';

interface Ask {
  redirect: URL;
  scope: OauthScope;
  state: string | undefined;
}

export interface AuthorizeParts {
  store: Store;
  settings: Settings;
  codes: OauthCodes;
}

/** open.weixin.qq.com: who are you, may this account see your profile, and back with a code. */
export function authorizeRoutes(app: FastifyInstance, parts: AuthorizeParts): void {
  const { store, settings, codes } = parts;
  app.get('/connect/oauth2/authorize', (request, reply) => {
    const ask = readAsk(request, settings);
    if ('problem' in ask) return htmlPage(reply, problemPage(ask.problem));
    const switching = queryText(request, SWITCH) !== undefined;
    const user = switching ? undefined : visitor(request, reply, store.world);
    if (user === undefined) return htmlPage(reply, choosePage(request, store, settings));
    const consent = queryText(request, CONSENT);
    if (consent === 'deny') return back(reply, ask, undefined);
    if (ask.scope === 'snsapi_userinfo' && consent !== 'allow') {
      return htmlPage(reply, consentPage(request, user, settings));
    }
    return back(reply, ask, codes.issue(settings.appId, user.id, ask.scope, store.wallNow()));
  });
}

export function htmlPage(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-type', 'text/html; charset=utf-8').header('cache-control', 'no-store').send(text);
}

function back(reply: FastifyReply, { redirect, state }: Ask, code: string | undefined): FastifyReply {
  if (code !== undefined) redirect.searchParams.set('code', code);
  if (state !== undefined) redirect.searchParams.set('state', state);
  return reply.header('cache-control', 'no-store').redirect(redirect.toString(), 302);
}

function readAsk(request: FastifyRequest, settings: Settings): Ask | { problem: string } {
  const appId = queryText(request, 'appid');
  const scope = queryText(request, 'scope');
  const target = queryText(request, 'redirect_uri');
  const state = queryText(request, 'state');
  if (appId === undefined) return { problem: 'appid不能为空，错误码:10012' };
  if (target === undefined) return { problem: 'redirect_uri不能为空，错误码:10011' };
  if (scope === undefined) return { problem: 'scope不能为空，错误码:10010' };
  if (appId !== settings.appId) return { problem: '不支持该AppID，错误码:10016' };
  if (queryText(request, 'response_type') !== 'code') return { problem: 'response_type参数错误，应为code' };
  if (scope !== 'snsapi_base' && scope !== 'snsapi_userinfo') {
    return { problem: '公众号没有scope的权限，错误码:10005' };
  }
  if (state !== undefined && !/^[0-9A-Za-z]{1,128}$/.test(state)) return { problem: 'state参数错误，仅支持字母和数字' };
  const redirect = parseUrl(target);
  // The whole host must be the registered one; a sub- or sibling domain is another host.
  if (redirect === undefined || !isRegistered(redirect, settings.oauthDomains)) {
    return { problem: 'redirect_uri域名与后台配置不一致，错误码:10003' };
  }
  return { redirect, scope, state };
}

/** A registered domain may spell out the port that its scheme implies. */
function isRegistered(url: URL, domains: readonly string[]): boolean {
  const implied = url.protocol === 'https:' ? '443' : '80';
  return domains.includes(url.host) || (url.port === '' && domains.includes(`${url.host}:${implied}`));
}

function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined;
}

function problemPage(problem: string): string {
  const lines = problem.split('，').map((line) => html`<span style="display:block">${line}</span>`);
  return page(
    '无法访问',
    html`<div style="padding:96px 32px 0;text-align:center">
      <svg width="72" height="72" viewBox="0 0 72 72" aria-hidden="true">
        <circle cx="36" cy="36" r="34" fill="#10aeff" />
        <rect x="33" y="31" width="6" height="24" rx="3" fill="#fff" />
        <circle cx="36" cy="21" r="4" fill="#fff" />
      </svg>
      <h1 style="margin-top:24px">无法打开页面</h1>
      <p class="hint" style="margin-top:8px">${lines}</p>
    </div>`,
    { white: true },
  );
}

function choosePage(request: FastifyRequest, store: Store, settings: Settings): string {
  const to = (user: SandboxUser): string => here(request, { sandbox_user: user.id, [SWITCH]: undefined });
  return page(
    '选择微信用户',
    html`<header style="padding:32px 16px 20px">
        <span class="label">微信沙盒</span>
        <h1>用谁的微信打开？</h1>
        <p class="hint" style="margin-top:4px">${settings.appName} 正在请求登录。选一位，这台设备会记住。</p>
      </header>
      ${people(listed(store.world), to)}`,
  );
}

function consentPage(request: FastifyRequest, user: SandboxUser, settings: Settings): string {
  const snapshot = user.snapshot === true;
  return page(
    '微信登录',
    html`<header style="padding:40px 24px 0;display:flex;align-items:center;gap:10px">
        ${avatar({ id: settings.appId, nickname: settings.appName })}<span style="font-size:17px"
          >${settings.appName}<span class="hint"> 申请使用</span></span
        >
      </header>
      <section style="padding:28px 24px 0">
        <h1>你的昵称、头像</h1>
        <p class="hint" style="margin-top:4px">
          ${snapshot ? '你正在快照页中浏览，对方只会得到一个虚拟账号。' : '用于在活动中显示你的身份'}
        </p>
      </section>
      <div
        class="row"
        style="margin:20px 24px 0;padding:12px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)"
      >
        ${avatar(user)}
        <span class="grow"><span class="name">${user.nickname}</span><br /><span class="sub">微信个人信息</span></span>
        <a class="hint" style="color:#576b95" href="${here(request, { [SWITCH]: '1', sandbox_user: undefined })}"
          >换一位</a
        >
      </div>
      <div class="push" style="min-height:48px"></div>
      <a class="button" href="${here(request, { [CONSENT]: 'allow' })}">允许</a>
      <a class="button plain" href="${here(request, { [CONSENT]: 'deny' })}">拒绝</a>
      <div style="height:32px"></div>`,
    { white: true },
  );
}
