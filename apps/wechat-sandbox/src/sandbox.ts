import { constants } from 'node:crypto';
import { createServer as createTlsServer } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { billAdminRoutes, billRoutes } from './bills/bill-routes';
import { Falsifications } from './bills/falsifications';
import { adminRoutes } from './control/admin-routes';
import { CallBook } from './control/calls';
import { Exchange } from './control/exchange';
import { FaultDesk } from './control/faults';
import { FIRST_BALANCE_FEN, FIRST_USERS } from './control/first-users';
import { AppTokens } from './login/app-tokens';
import { OauthCodes } from './login/oauth-codes';
import { oauthRoutes } from './login/oauth-routes';
import { tokenRoutes } from './login/token-routes';
import { authorizeRoutes } from './page/authorize-routes';
import { confirmRoutes } from './page/confirm-routes';
import { jsRoutes } from './page/js-routes';
import { subscribeRoutes } from './page/subscribe-routes';
import { meRoutes } from './page/me-routes';
import { authorizationRoutes } from './pay/authorization-routes';
import { Authorizing } from './pay/authorizing';
import { Notifier } from './pay/notifier';
import { redpackRoutes } from './pay/redpack-routes';
import { Redpacks } from './pay/redpacks';
import { SignedRoutes } from './pay/signed-route';
import { transferRoutes } from './pay/transfer-routes';
import { Transfers } from './pay/transfers';
import { MessageBox } from './messages/message-box';
import { messageRoutes } from './messages/message-routes';
import { smsRoutes } from './sms/gateway-routes';
import { Inbox } from './sms/inbox';
import { settle, type Ports, type SandboxOptions, type ServerName, type Settings } from './settings';
import { listen, webServer } from './web-server';
import { EventLog } from './world/event-log';
import { Identity } from './world/identity';
import { Lifecycle } from './world/lifecycle';
import { Store } from './world/store';
import { World } from './world/world';

const LOOPBACK = '127.0.0.1';
const NAMES: readonly ServerName[] = ['api', 'pay', 'open', 'js', 'admin'];
const ADMIN_BODY_BYTES = 32 * 1024 * 1024;

export interface RunningSandbox {
  ports: Ports;
  /** Closes all servers, lets go of held connections and closes the store. */
  stop(): Promise<void>;
}

/** Starts the five servers of the stand-in WeChat on one store. Rejects when the store is damaged, a port is taken or the keys do not match. */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const settings = settle(options);
  const identity = new Identity(settings.adminToken);
  const world = new World(identity, settings.appId);
  const log = new EventLog(options.storeDir);
  const replayed = log.replay((event) => world.apply(event));
  const store = new Store(world, log, options.wallClock ?? Date.now);
  furnish(store, settings);
  settings.log({ step: 'store', replayed, bills: world.bills.size, users: world.users.size });

  const faults = new FaultDesk(options.seed ?? 1);
  const exchange = new Exchange(faults);
  const calls = new CallBook();
  const authorizing = new Authorizing(store, identity, settings.lags);
  const transfers = new Transfers(store, identity, settings, faults, authorizing);
  const redpacks = new Redpacks(store, settings);
  const lifecycle = new Lifecycle(store, settings.lags, [authorizing]);
  const notifier = new Notifier(store, settings, faults);
  const tokens = new AppTokens(store, settings.appId, settings.limits);
  const codes = new OauthCodes();
  const inbox = new Inbox();
  const box = new MessageBox();
  const falsified = new Falsifications();

  const ports: Partial<Ports> = {};
  const originOf = (name: 'open' | 'js') => (): string =>
    options.origins?.[name] ?? `http://${LOOPBACK}:${ports[name]}`;
  const [openOrigin, jsOrigin] = [originOf('open'), originOf('js')];
  const unready = (): string[] =>
    NAMES.filter((name) => ports[name] === undefined).map((name) => `${name} is not listening`);

  const apps: Record<ServerName, FastifyInstance> = {
    open: webServer({ name: 'open', calls, log: settings.log }),
    api: webServer({ name: 'api', calls, log: settings.log }),
    js: webServer({ name: 'js', calls, log: settings.log }),
    admin: webServer({ name: 'admin', bodyLimit: ADMIN_BODY_BYTES, log: settings.log }),
    pay: payServer(options, calls, settings.log),
  };
  const v3 = new SignedRoutes(store, settings, exchange);
  const money = { transfers, redpacks, authorizing, v3 };
  const parts = { store, settings, identity, codes, tokens, exchange, faults, calls, lifecycle, box, ...money };
  authorizeRoutes(apps.open, parts);
  confirmRoutes(apps.open, parts);
  subscribeRoutes(apps.open, { ...parts, world });
  meRoutes(apps.open, parts);
  oauthRoutes(apps.api, { ...parts, openOrigin });
  tokenRoutes(apps.api, parts);
  messageRoutes(apps.api, { ...parts, limits: settings.limits });
  smsRoutes(apps.api, { inbox, exchange, token: options.secrets.sms?.token });
  redpackRoutes(apps.pay, parts);
  transferRoutes(apps.pay, parts);
  authorizationRoutes(apps.pay, { ...parts, signed: v3.signed });
  billRoutes(apps.pay, { ...parts, falsified });
  jsRoutes(apps.js, { world, settings, tokens, openOrigin, jsOrigin });
  adminRoutes(apps.admin, { ...parts, inbox, unready });
  billAdminRoutes(apps.admin, falsified, settings);

  const stop = async (): Promise<void> => {
    lifecycle.stop();
    notifier.stop();
    await Promise.all(Object.values(apps).map((app) => app.close()));
    log.close();
  };
  try {
    for (const name of NAMES)
      ports[name] = await listen(apps[name], hostOf(name, options.host), options.ports?.[name] ?? 0);
  } catch (cause) {
    await stop();
    throw cause;
  }
  const tick = options.fast === true ? 10 : 50;
  lifecycle.start(tick);
  notifier.start(tick);
  settings.log({ step: 'listening', ...ports });
  return { ports: ports as Ports, stop };
}

function hostOf(name: ServerName, host: string | undefined): string {
  return name === 'open' || name === 'js' ? (host ?? LOOPBACK) : LOOPBACK;
}

function payServer({ secrets }: SandboxOptions, calls: CallBook, log: Settings['log']): FastifyInstance {
  const { ca, server } = secrets.sandbox;
  return webServer({
    name: 'pay',
    calls,
    log,
    makeServer: (listener) =>
      createTlsServer(
        {
          key: server.privateKey,
          cert: server.certificate,
          ca: ca.certificate,
          requestCert: true,
          // v3 callers need no client certificate; the v2 routes look for it themselves.
          rejectUnauthorized: false,
          // A resumed session would look authorized without showing a certificate.
          secureOptions: constants.SSL_OP_NO_TICKET,
        },
        listener,
      ),
  });
}

/** Gives every merchant that is new here its opening balance, and an empty world its people. */
function furnish(store: Store, settings: Settings): void {
  for (const mchId of settings.merchants.keys()) {
    if (store.world.merchantsSeen.has(mchId)) continue;
    store.commit({ t: 'topup', mchId, amountFen: FIRST_BALANCE_FEN, at: store.now() });
  }
  if (store.world.users.size === 0) store.commit(...FIRST_USERS.map((user) => ({ t: 'user' as const, user })));
}
