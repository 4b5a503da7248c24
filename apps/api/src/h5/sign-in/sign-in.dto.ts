import { IsOptional, IsString, MaxLength } from 'class-validator';

export class OAuthStartQuery {
  /** Local path to come back to, e.g. `/A0123456789ABCDEF`. */
  @IsString()
  @MaxLength(512)
  return: string;
}

export class OAuthCallbackQuery {
  /** Missing when the person refused. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  code?: string;

  @IsString()
  @MaxLength(128)
  state: string;
}

export class JsConfigQuery {
  /** Address of the page up to `#`, exactly as the browser shows it. */
  @IsString()
  @MaxLength(2000)
  url: string;
}
