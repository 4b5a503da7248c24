import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './schema';

/** Every body of the API by its name, e.g. `Schemas['ScanAnswerDto']`. */
export type Schemas = components['schemas'];
export type ApiPaths = paths;
export type ApiClient = Client<paths>;

/** The API with its types: `client.POST('/v1/h5/scans', { body })` → `{ data, error, response }`. Throws only when no answer came. */
export function createApiClient(baseUrl: string, fetch?: (request: Request) => Promise<Response>): ApiClient {
  return createClient<paths>({ baseUrl, ...(fetch && { fetch }) });
}
