/** What the server takes of a picture. */
const MOST_BYTES = 300 * 1024;
const TAKEN = new Set(['image/jpeg', 'image/png', 'image/webp']);
/** Three device pixels for each of a phone's. */
const WIDEST = { hero: 1440, logo: 480 } as const;
const QUALITIES = [0.86, 0.74, 0.6, 0.45];

/** The file as it is when the server takes it; else drawn again, no wider than a phone needs. Throws for what is no picture. */
export async function fitForUpload(file: File, shape: keyof typeof WIDEST): Promise<Blob> {
  const drawn = await createImageBitmap(file);
  const fits = file.size <= MOST_BYTES && drawn.width <= WIDEST[shape] && TAKEN.has(file.type);
  return fits ? file : redrawn(drawn, WIDEST[shape]);
}

/** WebP keeps what is see-through; a browser that cannot write it writes PNG, which the quality does not change. */
async function redrawn(drawn: ImageBitmap, widest: number): Promise<Blob> {
  const scale = Math.min(1, widest / drawn.width);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(drawn.width * scale));
  canvas.height = Math.max(1, Math.round(drawn.height * scale));
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('this browser draws nothing');
  pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  let smallest: Blob | null = null;
  for (const quality of QUALITIES) {
    smallest = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/webp', quality));
    if (smallest !== null && smallest.size <= MOST_BYTES) break;
  }
  if (smallest === null) throw new Error('this picture cannot be drawn');
  return smallest;
}
