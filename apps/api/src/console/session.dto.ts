import { ApiProperty } from '@nestjs/swagger';
import { OPERATOR_RIGHTS, ROLES, type OperatorRight, type Role } from '@app/staff';
import { IsString, MaxLength, MinLength } from 'class-validator';

export class LoginDto {
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  login: string;

  @IsString()
  @MinLength(1)
  @MaxLength(256)
  password: string;
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
}

export class OperatorAnswerDto {
  operator: OperatorDto;
  /** Every console route this person may ask, e.g. `GET /v1/console/products/{id}`: what the console shows follows it. */
  may: string[];
}
