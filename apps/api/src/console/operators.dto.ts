import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { OperatorDto } from './session.dto';
import { OPERATOR_RIGHTS, ROLES, type OperatorRight, type Role } from '@app/staff';

export class NewOperatorDto {
  /** 3 to 64 of a-z, 0-9 and . _ @ - */
  @IsString()
  @MaxLength(64)
  login: string;

  @IsString()
  @MaxLength(64)
  name: string;

  /** At least 10 characters. */
  @IsString()
  @MaxLength(256)
  password: string;

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

export class OperatorRightsDto {
  /** Exactly these from now on. */
  @ApiProperty({ enum: OPERATOR_RIGHTS, isArray: true })
  @IsArray()
  @ArrayMaxSize(OPERATOR_RIGHTS.length)
  @IsIn(OPERATOR_RIGHTS, { each: true })
  rights: OperatorRight[];

  @IsString()
  @MinLength(1)
  @MaxLength(255)
  reason: string;
}

export class MadeOperatorDto {
  operator: OperatorDto;
}
