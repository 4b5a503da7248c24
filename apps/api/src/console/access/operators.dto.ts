import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { OPERATOR_RIGHTS, ROLES, type AccountStatus, type OperatorRight, type Role } from '@app/staff';
import { PageQuery } from '../../edge/page.dto';
import { OpenSessionDto } from './own-account.dto';
import { OperatorDto } from './session.dto';

const STATUSES = ['active', 'invited', 'disabled'] as const satisfies readonly AccountStatus[];

export class OperatorQuery extends PageQuery {
  /** In the login or the name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  text?: string;

  @ApiPropertyOptional({ enum: ROLES })
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;

  @ApiPropertyOptional({ enum: STATUSES })
  @IsOptional()
  @IsIn(STATUSES)
  status?: AccountStatus;

  /** Only people of this distributor. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  distributorId?: number;
}

export class AskedRolesDto {
  id: number;
  @ApiProperty({ enum: ROLES, isArray: true })
  roles: readonly Role[];
  /** Who asked. */
  by: number;
}

export class AccountDto extends OperatorDto {
  /** `invited`: nobody has set a password yet. */
  @ApiProperty({ enum: STATUSES })
  status: AccountStatus;
  /** After too many wrong passwords or codes. */
  locked: boolean;
  createdAt: Date;
  lastSeenAt: Date | null;
  distributorName: string | null;
  /** Roles that wait for a second person. */
  @ApiProperty({ type: AskedRolesDto, nullable: true })
  asked: AskedRolesDto | null;
  /** Who asks looks after this account. */
  mayManage: boolean;
}

export class AccountPageDto {
  items: AccountDto[];
  nextCursor: string | null;
}

class ReasonedDto {
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  reason: string;
}

export class InviteDto extends ReasonedDto {
  /** 3 to 64 of a-z, 0-9 and . _ @ - */
  @IsString()
  @MaxLength(64)
  login: string;

  @IsString()
  @MaxLength(64)
  name: string;

  /** Those of headquarters or those of a distributor. */
  @ApiProperty({ enum: ROLES, isArray: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ROLES.length)
  @IsIn(ROLES, { each: true })
  roles: Role[];

  /** For roles of a distributor and for no other. */
  @IsOptional()
  @IsInt()
  @Min(1)
  distributorId?: number | null;

  /** Beyond the roles; only the owner gives them. */
  @ApiPropertyOptional({ enum: OPERATOR_RIGHTS, isArray: true })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(OPERATOR_RIGHTS.length)
  @IsIn(OPERATOR_RIGHTS, { each: true })
  rights?: OperatorRight[];
}

export class GivenLinkDto {
  operatorId: number;
  /** The address to hand on, told once. */
  url: string;
  expiresAt: Date;
  /** The request that a second person decides; null when the roles count at once. */
  roleRequestId: number | null;
}

export class DisableDto extends ReasonedDto {}

export class EnableDto extends ReasonedDto {}

export class ResetDto extends ReasonedDto {
  /** The phone is lost: it is forgotten, too. */
  @IsBoolean()
  secondFactor: boolean;
}

export class OperatorRolesDto extends ReasonedDto {
  /** Exactly these from now on. */
  @ApiProperty({ enum: ROLES, isArray: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ROLES.length)
  @IsIn(ROLES, { each: true })
  roles: Role[];
}

export class RolesChangedDto {
  /** `asked`: a second person decides. */
  @ApiProperty({ enum: ['changed', 'asked'] })
  outcome: 'changed' | 'asked';
  roleRequestId: number | null;
}

export class OperatorRightsDto extends ReasonedDto {
  /** Exactly these from now on. */
  @ApiProperty({ enum: OPERATOR_RIGHTS, isArray: true })
  @IsArray()
  @ArrayMaxSize(OPERATOR_RIGHTS.length)
  @IsIn(OPERATOR_RIGHTS, { each: true })
  rights: OperatorRight[];
}

export class OperatorSessionDto extends OmitType(OpenSessionDto, ['current'] as const) {}

export class OperatorSessionsDto {
  items: OperatorSessionDto[];
}

export class RoleDecisionDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(255)
  note?: string;
}

export class RoleRefusalDto {
  /** Why. */
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  note: string;
}
