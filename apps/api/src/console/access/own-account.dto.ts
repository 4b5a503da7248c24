import { IsString, MaxLength, MinLength } from 'class-validator';

export class OwnPasswordDto {
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  present: string;

  /** At least 10 characters. */
  @IsString()
  @MaxLength(256)
  wanted: string;
}

export class PasswordProofDto {
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  password: string;
}

export class CodeDto {
  /** Six digits from the phone, or a recovery code where one is taken. */
  @IsString()
  @MinLength(6)
  @MaxLength(32)
  code: string;
}

export class OpenSessionDto {
  id: string;
  /** The browser that asks. */
  current: boolean;
  openedAt: Date;
  lastSeenAt: Date;
  /** Over at the latest. */
  endsAt: Date;
  ip: string | null;
  userAgent: string | null;
}

export class OpenSessionsDto {
  items: OpenSessionDto[];
}

export class SecondFactorDto {
  enrolled: boolean;
  /** The roles demand it: it cannot be dropped. */
  needed: boolean;
  recoveryLeft: number;
}

export class EnrolmentDto {
  /** base32, for typing. */
  secret: string;
  /** `otpauth://totp/…` */
  uri: string;
  /** The same as a QR code: `data:image/svg+xml;base64,…`. */
  qr: string;
}

export class RecoveryCodesDto {
  /** Shown this once. */
  codes: string[];
}
