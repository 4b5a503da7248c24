import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { OPERATOR_RIGHTS, ROLES, type OperatorRight, type Role } from '@app/staff';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

export class LoginDto {
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  login: string;

  @IsString()
  @MinLength(1)
  @MaxLength(256)
  password: string;

  /** Six digits from the phone, or a recovery code. Left out at first: 401 `code_needed` says that it is wanted. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(32)
  code?: string;
}

export class OperatorDto {
  id: number;
  login: string;
  name: string;
  /** Empty until another person has agreed to the first ones. */
  @ApiProperty({ enum: ROLES, isArray: true })
  roles: readonly Role[];
  distributorId: number | null;
  /** Beyond the roles; the owner has them all. */
  @ApiProperty({ enum: OPERATOR_RIGHTS, isArray: true, required: false })
  rights?: readonly OperatorRight[];
  /** Signs in with a code from a phone as well. */
  secondFactor?: boolean;
}

export class OperatorAnswerDto {
  operator: OperatorDto;
  /** Every console route this person may ask, e.g. `GET /v1/console/products/{id}`: what the console shows follows it. */
  may: string[];
  /** Must enrol a phone before anything else. */
  mustEnrol: boolean;
}
