import { ApiProperty } from '@nestjs/swagger';

export class RegionNodeDto {
  /** GB/T 2260, six digits. */
  adcode: number;
  name: string;
  level: 'province' | 'city' | 'district';
  /** The city of a district, the province of a city, null for a province. */
  parent: number | null;
}

export class RegionTreeDto {
  @ApiProperty({ type: [RegionNodeDto] })
  items: readonly RegionNodeDto[];
}
