import { z } from 'zod';
import { envSchema } from './env';

/** Text of `.env.example`, made from the schema so that it cannot go stale. */
export function envExample(): string {
  const document = z.toJSONSchema(envSchema, { io: 'input' }) as {
    properties: Record<string, { description?: string; default?: unknown; enum?: string[] }>;
    required?: string[];
  };
  const lines = [
    '# Generated from libs/config/src/env.ts by `npm run sync`. `npm start` sets all of this by itself.',
    '',
  ];
  for (const [name, property] of Object.entries(document.properties)) {
    const notes = [property.description, property.enum && `one of: ${property.enum.join(', ')}`].filter(Boolean);
    if (notes.length > 0) lines.push(`# ${notes.join('; ')}`);
    const required = document.required?.includes(name) ?? false;
    const value = property.default === undefined ? '' : String(property.default);
    lines.push(required ? `${name}=` : `# ${name}=${value}`);
  }
  return `${lines.join('\n')}\n`;
}

if (require.main === module) process.stdout.write(envExample());
