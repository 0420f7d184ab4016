// In the place of @std/dotenv: the environment is set already, no .env is read.
export function load(_options: unknown): Promise<Record<string, string>> {
  return Promise.resolve({});
}
