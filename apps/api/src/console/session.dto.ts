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
  role: 'hq' | 'distributor';
  distributorId: number | null;
}

export class OperatorAnswerDto {
  operator: OperatorDto;
}
