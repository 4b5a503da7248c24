import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Answer, Exchange } from '../control/exchange';
import type { Limits } from '../limits';
import { ApiWire } from '../login/api-wire';
import type { AppTokens } from '../login/app-tokens';
import { jsonBody, queryText } from '../web-server';
import type { SandboxUser } from '../world/event';
import type { Store } from '../world/store';
import type { MessageBox } from './message-box';
import { brokenField, NOTICE, SUBSCRIPTION, type Template } from './templates';

const wire = new ApiWire('application/json; encoding=utf-8');

const sendRequest = z.object({
  touser: z.string(),
  template_id: z.string(),
  url: z.string().max(2_000).optional(),
  page: z.string().max(2_000).optional(),
  client_msg_id: z.string().min(1).max(32).optional(),
  data: z.record(z.string(), z.object({ value: z.string(), color: z.string().optional() })),
});
type Sending = z.infer<typeof sendRequest>;

export interface MessageParts {
  store: Store;
  tokens: AppTokens;
  exchange: Exchange;
  box: MessageBox;
  limits: Limits;
}

/** 模板消息 to followers, 订阅通知 to whoever agreed to one. */
export function messageRoutes(app: FastifyInstance, { store, tokens, exchange, box, limits }: MessageParts): void {
  /** Who is asked to read what, or the error that WeChat answers. */
  const read = (request: FastifyRequest, template: Template): Answer | { user: SandboxUser; asked: Sending } => {
    const token = queryText(request, 'access_token');
    if (token === undefined) return wire.error(41001);
    const check = tokens.check(token);
    if (check !== 'ok') return wire.error(check === 'expired' ? 42001 : 40001);
    const parsed = sendRequest.safeParse(jsonBody(request));
    if (!parsed.success) return wire.error(47001);
    const asked = parsed.data;
    const user = store.world.users.get(store.world.whoIs(asked.touser)?.userId ?? '');
    if (user === undefined) return wire.error(40003);
    if (asked.template_id !== template.id) return wire.error(40037);
    return brokenField(template, asked.data) === undefined ? { user, asked } : wire.error(47003);
  };
  const deliver = (
    kind: 'template' | 'subscription',
    user: SandboxUser,
    asked: Sending,
    template: Template,
  ): number => {
    const lines = Object.entries(template.fields).map(([field, name]) => ({ name, value: asked.data[field]!.value }));
    const { msgid } = box.deliver(
      {
        ...{ kind, userId: user.id, templateId: template.id, title: template.title, lines },
        url: asked.url ?? asked.page ?? '',
        ...(asked.client_msg_id === undefined ? {} : { clientMsgId: asked.client_msg_id }),
      },
      new Date(store.wallNow()),
    );
    return msgid;
  };

  app.post('/cgi-bin/message/template/send', (request, reply) =>
    exchange.run('message.template', wire, request, reply, () => {
      const told = read(request, NOTICE);
      if (!('user' in told)) return told;
      if (told.user.follows !== true) return wire.error(43004);
      if (box.sentOn('template', new Date(store.wallNow())) >= limits.templatePerDay) return wire.error(45009);
      return wire.answer({ errcode: 0, errmsg: 'ok', msgid: deliver('template', told.user, told.asked, NOTICE) });
    }),
  );
  app.post('/cgi-bin/message/subscribe/bizsend', (request, reply) =>
    exchange.run('message.subscribe', wire, request, reply, () => {
      const told = read(request, SUBSCRIPTION);
      if (!('user' in told)) return told;
      if (!box.useConsent(told.user.id, SUBSCRIPTION.id)) return wire.error(43101);
      deliver('subscription', told.user, told.asked, SUBSCRIPTION);
      return wire.answer({ errcode: 0, errmsg: 'ok' });
    }),
  );
}
