import { applyDecorators, Controller, createParamDecorator, UseGuards, type ExecutionContext } from '@nestjs/common';
import { ApiCookieAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Defect } from '@app/kernel';
import type { Operator } from '@app/staff';
import { ConsoleGuard } from './console.guard';

/** A controller of the console: under its prefix, behind its guard. */
export function ConsoleController(path: string): ClassDecorator {
  const prefix = path === '' ? 'v1/console' : `v1/console/${path}`;
  return applyDecorators(Controller(prefix), UseGuards(ConsoleGuard), ApiTags('console'), ApiCookieAuth('console'));
}

/** The operator who asks. */
export const CurrentOperator = createParamDecorator((_data: unknown, context: ExecutionContext): Operator => {
  const { operator } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!operator) throw new Defect('a console route without its guard');
  return operator;
});
