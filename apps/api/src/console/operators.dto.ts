import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';

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

  @IsIn(['hq', 'distributor'])
  role: 'hq' | 'distributor';

  /** For the role `distributor` and for no other. */
  @IsOptional()
  @IsInt()
  @Min(1)
  distributorId?: number | null;
}
