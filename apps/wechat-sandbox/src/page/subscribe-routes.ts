import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { MessageBox } from '../messages/message-box';
import { SUBSCRIPTION } from '../messages/templates';
import type { Settings } from '../settings';
import { jsonBody, queryText } from '../web-server';
import type { World } from '../world/world';
import { htmlPage } from './authorize-routes';
import { CLOSE_SCRIPT } from './closing';
import { html } from './html';
import { page } from './layout';
import { remembered } from './visitor';

const consentRequest = z.strictObject({ templateId: z.string().max(64) });

/** Counts the consent at the stand-in, then tells the page below. */
const ALLOW_SCRIPT = `${CLOSE_SCRIPT}
var allow=document.getElementById('allow');
allow.addEventListener('click',function(){
  allow.disabled=true;
  fetch('/subscribe',{method:'POST',headers:{'content-type':'application/json'},body:JSON.stringify({templateId:allow.dataset.template})})
    .then(function(r){leave(r.ok?'accept':'fail')},function(){allow.disabled=false});
});`;

export interface SubscribeParts {
  world: World;
  settings: Settings;
  box: MessageBox;
}

/** What WeChat shows when a page's `wx-open-subscribe` is tapped: may the account send one message of this template? */
export function subscribeRoutes(app: FastifyInstance, { world, settings, box }: SubscribeParts): void {
  app.get('/subscribe', (request, reply) => {
    const known = queryText(request, 'template') === SUBSCRIPTION.id && world.users.has(remembered(request));
    return htmlPage(reply, known ? askPage(settings) : unknownPage());
  });

  app.post('/subscribe', (request, reply) => {
    const asked = consentRequest.safeParse(jsonBody(request));
    const userId = remembered(request);
    if (!asked.success || asked.data.templateId !== SUBSCRIPTION.id || !world.users.has(userId)) {
      return reply.code(400).send({ message: '参数错误' });
    }
    return reply.send({ consents: box.agree(userId, SUBSCRIPTION.id) });
  });
}

function askPage(settings: Settings): string {
  return page(
    '订阅消息',
    html`<section style="padding:72px 24px 24px">
        <p class="hint">${settings.merchantName} 申请发送一次以下消息</p>
        <p style="margin-top:16px;font-size:20px;line-height:28px">${SUBSCRIPTION.title}</p>
        <p class="hint" style="margin-top:4px">${Object.values(SUBSCRIPTION.fields).join('、')}</p>
      </section>
      <div class="push" style="min-height:32px"></div>
      <button class="button" id="allow" data-template="${SUBSCRIPTION.id}">允许</button>
      <button class="button plain" data-leave="reject">拒绝</button>
      <p class="hint" style="margin:20px 24px 8px;text-align:center;font-size:13px">允许一次，只会收到一条</p>`,
    { white: true, script: ALLOW_SCRIPT },
  );
}

function unknownPage(): string {
  return page(
    '订阅消息',
    html`<section style="padding:72px 24px 24px"><p>没有这个消息模板，或还没有选微信用户</p></section>
      <div class="push"></div>
      <button class="button plain" data-leave="fail">关闭</button>`,
    { white: true, script: CLOSE_SCRIPT },
  );
}
