/** The technician's file as it lies in Storage: written half, damaged, or by somebody else, it must not stop what comes before it is complained of. */
export type ConfigFile = { readonly [name: string]: unknown };

/** Its fields, or `null` when they cannot be read. */
export function parseConfigFile(file: string): ConfigFile | null {
  try {
    const raw = JSON.parse(file) as { readonly [name: string]: unknown };
    return typeof raw === "object" ? raw : null;
  } catch (error) {
    return null;
  }
}
