import type { FastifyInstance } from 'fastify';
import type { Settings } from '../settings';
import { queryText, rawBody } from '../web-server';
import type { Authorization } from '../world/authorization';
import { readAuthorizationOrder } from './authorization-order';
import { authorizationView as view } from './authorization-view';
import type { Authorizing } from './authorizing';
import { isRefusal, refusal } from './refusal';
import type { Act, SignedRoute } from './signed-route';

const PATH = '/v3/fund-app/mch-transfer/user-confirm-authorization';

export interface AuthorizationParts {
  settings: Settings;
  authorizing: Authorizing;
  signed: SignedRoute;
}

/** 免确认收款授权 on the pay server: ask for it, look at it, end it. */
export function authorizationRoutes(app: FastifyInstance, { settings, authorizing, signed }: AuthorizationParts): void {
  const create: Act = (merchant, request) => {
    const order = readAuthorizationOrder(rawBody(request), settings.appId);
    if (isRefusal(order)) return order;
    request.note = { mchId: merchant.mchId, outAuthorizationNo: order.out_authorization_no };
    const authorization = authorizing.create(merchant.mchId, order);
    return isRefusal(authorization) ? authorization : { ...view(authorization), ...packageOf(authorization) };
  };
  const found =
    (answer: (authorization: Authorization, displayed: boolean) => object): Act =>
    (merchant, request) => {
      const { number } = request.params as { number: string };
      request.note = { mchId: merchant.mchId, outAuthorizationNo: number };
      const authorization = authorizing.find(merchant.mchId, number);
      if (authorization === undefined) return refusal(404, 'NOT_FOUND', '记录不存在');
      return answer(authorization, queryText(request, 'is_display_authorization') === 'true');
    };
  const packageOf = (authorization: Authorization): object => ({
    package_info: authorizing.packageInfo(authorization),
  });

  app.post(
    PATH,
    signed('authorization.create', () => settings.limits.authorizationPerSecond, 'FREQUENCY_LIMITED', create),
  );
  app.get(
    `${PATH}/out-authorization-no/:number`,
    signed(
      'authorization.query',
      () => settings.limits.authorizationQueryPerSecond,
      'FREQUENCY_LIMITED',
      found((one, displayed) => ({ ...view(one), ...(displayed ? packageOf(one) : {}) })),
    ),
  );
  app.post(
    `${PATH}/out-authorization-no/:number/close`,
    signed(
      'authorization.close',
      () => settings.limits.authorizationPerSecond,
      'FREQUENCY_LIMITED',
      found((one) => {
        authorizing.close(one, 'CLOSE_VIA_MCH_API');
        return view(one);
      }),
    ),
  );
}
