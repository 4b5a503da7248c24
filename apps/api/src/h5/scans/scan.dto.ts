import { Type } from 'class-transformer';
import {
  Equals,
  IsIn,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { SCAN_ID_PATTERN } from '@app/kernel';

/** WeChat's getLocation, in gcj02. */
export class ScanLocationDto {
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(-90)
  @Max(90)
  latitude: number;

  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(-180)
  @Max(180)
  longitude: number;

  /** Metres. */
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(10_000_000)
  accuracy: number;

  @IsIn(['gcj02'])
  datum: 'gcj02';
}

/** One scan. The same `scanId` again gets the same answer, byte for byte. */
export class ScanDto {
  /** 16 to 36 characters of [0-9A-Za-z-], made by the phone for this attempt. */
  @IsString()
  @Matches(SCAN_ID_PATTERN)
  scanId: string;

  /** As printed or typed, e.g. `A0123456789ABCDEF` in any case, with or without dashes. */
  @IsString()
  @Matches(/^[\s\S]{1,512}$/)
  code: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ScanLocationDto)
  location?: ScanLocationDto;

  /** Takes the nationwide prize instead of telling the place. */
  @IsOptional()
  @Equals(true)
  withoutLocation?: true;
}
