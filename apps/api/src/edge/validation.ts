import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { Rejected } from '@app/kernel';

/** One faulty field: its path and the rules it breaks, named as class-validator names them. */
export interface FieldFault {
  readonly field: string;
  readonly problems: readonly string[];
}

/** Every body and query is checked against its DTO; what the DTO does not know is refused, nothing is converted by guess. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    transformOptions: { enableImplicitConversion: false },
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: false,
    exceptionFactory: (errors) => refusal(errors),
  });
}

export function refusal(errors: readonly ValidationError[]): Rejected {
  const faults = errors.flatMap((error) => faultsOf(error, ''));
  const fields = faults.map(({ field }) => field).join('、');
  return new Rejected('bad_request', `这些内容缺失、多余或不合要求：${fields}`, 400, faults);
}

const MOST_FAULTS = 20;

function faultsOf(error: ValidationError, prefix: string): FieldFault[] {
  const field = prefix === '' ? error.property : `${prefix}.${error.property}`;
  const own = error.constraints ? [{ field, problems: Object.values(error.constraints) }] : [];
  const nested = (error.children ?? []).flatMap((child) => faultsOf(child, field));
  return [...own, ...nested].slice(0, MOST_FAULTS);
}
