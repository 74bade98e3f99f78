/** Whose history an event belongs to. */
import type { Directive, Event } from "@trapeza/protocol";

/** Numbers of the accounts that an event concerns, each once, whether their money moved or not. */
export function accountsOf({ body }: Event): number[] {
  const found = new Set<number>();
  if ("account" in body && body.account !== null) found.add(body.account);
  if ("change" in body && body.change) found.add(body.change.account);
  if ("changes" in body) for (const change of body.changes) found.add(change.account);
  if (body.kind === "DirectiveApplied") for (const account of named(body.directive)) found.add(account);
  return [...found];
}

function named(directive: Directive): number[] {
  if (directive.kind === "SetAccount") return [directive.id];
  if (directive.kind === "Claim") return [directive.wrong, directive.right];
  return "account" in directive && directive.account !== null ? [directive.account] : [];
}
