import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Rejected } from '@app/kernel';
import { SecondFactor, type Operator } from '@app/staff';
import { accessOf, allows, isAboutOneself } from './console-access';
import { ConsoleSession } from './console-session';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the console's guard. */
    operator?: Operator;
  }
}

/** A browser sends no foreign site's header of its own making, so this one proves that our page asked. */
const PROOF_HEADER = 'x-requested-with';
const PROOF = 'yima';
const READING = new Set(['GET', 'HEAD']);

/** Stands in front of every console route: the proof that our page asks, the session, the roles, the second factor. */
@Injectable()
export class ConsoleGuard implements CanActivate {
  constructor(
    private readonly session: ConsoleSession,
    private readonly secondFactor: SecondFactor,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const access = accessOf(request.method, request.routeOptions.url ?? '');
    if (!READING.has(request.method) && request.headers[PROOF_HEADER] !== PROOF) {
      throw new Rejected('not_our_page', '请从控制台页面操作', 403);
    }
    if (access === 'anyone') return true;
    const operator = await this.session.operatorOf(request);
    if (!operator) throw new Rejected('no_session', '请先登录', 401);
    if (!isAboutOneself(access) && !allows(access, operator.roles))
      throw new Rejected('forbidden', '您的账号没有这项权限', 403);
    if (!isAboutOneself(access) && this.secondFactor.mustEnrol(operator)) {
      throw new Rejected('enrol_first', '您的角色须使用动态验证码，请先在「我的账号」里绑定手机', 403);
    }
    request.operator = operator;
    return true;
  }
}
