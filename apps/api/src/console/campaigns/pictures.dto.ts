import { ApiProperty } from '@nestjs/swagger';

export class PictureDto {
  /** SHA-256 of what is kept, 64 hex characters: what a campaign document names. */
  hash: string;
  /** Path on this host; its content never changes. */
  url: string;
  /** Pixels. */
  width: number;
  height: number;
}

export class PicturePageDto {
  @ApiProperty({ type: [PictureDto] })
  items: readonly PictureDto[];
  nextCursor: string | null;
}
