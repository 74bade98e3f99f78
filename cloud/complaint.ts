/** A failure for the log of a machine: what broke and where, without anything that could be somebody's. */

export interface Complaint {
  readonly level: "error";
  readonly what: string;
  readonly code?: string;
  readonly why: string;
  /** Functions and lines of ours, the innermost first. */
  readonly at: readonly string[];
}

const FRAMES = 6;
/** What stands in quotes was given by somebody; so were five digits on end, a letter's address, and the login within a web address. */
const GIVEN = /"[^"]*"|'[^']*'|«[^»]*»|`[^`]*`|\/\/[^/@\s]*@|[^\s@]+@[^\s@]+|\+?[0-9][0-9 ()-]{3,}[0-9]/g;

/** Messages of databases and readers quote what they were given, so quotes, long numbers and addresses become dots; names without quotes are in none. */
export function complaintOf(error: Error & { readonly code?: unknown }): Complaint {
  const { code } = error;
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    ...{ level: "error", what: error.name },
    ...(typeof code === "string" ? { code } : {}),
    why: error.message.replace(GIVEN, "…"),
    at: lines.slice(0, FRAMES).map((line) =>
      line
        .trim()
        .replace(/^at /, "")
        .replace(/\(?file:\/\/\S*\/(?=[^/]+\/dist\/)/, "("),
    ),
  };
}
