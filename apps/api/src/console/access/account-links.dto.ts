import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';

export class LinkTokenDto {
  @Matches(/^[A-Za-z0-9_-]{43}$/)
  token: string;
}

export class UseLinkDto extends LinkTokenDto {
  /** At least 10 characters. */
  @IsString()
  @MaxLength(256)
  password: string;
}

export class LinkGreetingDto {
  @ApiProperty({ enum: ['invite', 'reset'] })
  kind: 'invite' | 'reset';
  login: string;
  name: string;
  expiresAt: Date;
}

export class LinkUsedDto {
  login: string;
}
