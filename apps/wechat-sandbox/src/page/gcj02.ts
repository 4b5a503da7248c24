const AXIS = 6_378_245;
const ECCENTRICITY = 0.006693421622965943;

/**
 * Removes the Chinese map offset from a gcj02 point by subtracting the offset found there: right to a few metres, which is what a phone knows anyway.
 * Degrees in, degrees out.
 */
export function toWgs84(latitude: number, longitude: number): { latitude: number; longitude: number } {
  const x = longitude - 105;
  const y = latitude - 35;
  const radians = (latitude / 180) * Math.PI;
  const magic = 1 - ECCENTRICITY * Math.sin(radians) ** 2;
  const north = (northOffset(x, y) * 180) / (((AXIS * (1 - ECCENTRICITY)) / (magic * Math.sqrt(magic))) * Math.PI);
  const east = (eastOffset(x, y) * 180) / ((AXIS / Math.sqrt(magic)) * Math.cos(radians) * Math.PI);
  return { latitude: latitude - north, longitude: longitude - east };
}

function northOffset(x: number, y: number): number {
  const base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return base + ripple(x, 6, 20, 2, 20) + waves(y, [20, 1], [40, 3], [160, 12], [320, 30]);
}

function eastOffset(x: number, y: number): number {
  const base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return base + ripple(x, 6, 20, 2, 20) + waves(x, [20, 1], [40, 3], [150, 12], [300, 30]);
}

function ripple(value: number, firstRate: number, first: number, secondRate: number, second: number): number {
  return ((first * Math.sin(firstRate * value * Math.PI) + second * Math.sin(secondRate * value * Math.PI)) * 2) / 3;
}

/** Sum of `size · sin(value · π / length)`, two thirds of it. */
function waves(value: number, ...parts: [size: number, length: number][]): number {
  return (parts.reduce((sum, [size, length]) => sum + size * Math.sin((value / length) * Math.PI), 0) * 2) / 3;
}
