import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { PHONE_PATTERN } from '@app/members';

export class PhoneCodeDto {
  /** Eleven digits of a mobile number in mainland China. */
  @Matches(PHONE_PATTERN)
  phone: string;

  /** `consent.version` of `GET /v1/h5/me/phone`: the text that the member saw and agreed to. */
  @IsString()
  @MinLength(1)
  @MaxLength(16)
  consentVersion: string;
}

export class BindPhoneDto {
  @Matches(PHONE_PATTERN)
  phone: string;

  /** The six digits of the message. */
  @Matches(/^\d{6}$/)
  code: string;
}

export class PhoneConsentDto {
  version: string;
  text: string;
}

export class MyPhoneDto {
  bound: boolean;
  /** 138****8000, null when none is bound. */
  masked: string | null;
  /** False when this brand sends no text messages yet. */
  available: boolean;
  consent: PhoneConsentDto;
}

export class PhoneCodeAskedDto {
  expiresInSeconds: number;
  retryAfterSeconds: number;
}

export class PhoneBoundDto {
  /** `merged`: the number was another account of the same person, whose sums are added to this one. `moved`: it had an earlier owner. */
  kind: 'bound' | 'merged' | 'moved';
  masked: string;
}
