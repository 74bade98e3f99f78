import { resolveRelative, type Code, type House, type Import, type Law } from "./house.js";

/** Who may know whom. The three in the middle are strangers: they share words, never code. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  firmware: ["protocol"],
  gateway: ["protocol"],
  cloud: ["protocol"],
  simulators: ["protocol", "firmware", "gateway", "cloud"],
  tools: ["protocol", "firmware", "gateway", "cloud", "simulators"],
};

/** What the tests of the protocol may use beside it; the protocol itself may use nothing. */
const protocolTestNeeds = /^(ava|fast-check|node:.+)$/;

function cureForPackage(code: Code, specifier: string): string | undefined {
  const match = /^@trapeza\/([^/]+)(\/.+)?$/.exec(specifier);
  if (!match) return undefined;
  const [, target = "", deep] = match;
  if (target === code.owner) return `a package does not import itself by name: use the relative path instead of "${specifier}"`;
  if (!(mayImport[code.owner] ?? []).includes(target)) {
    return `${code.owner} may not know ${target}: move what both need into protocol, or let simulators or tools tie them together`;
  }
  if (deep !== undefined && specifier !== "@trapeza/protocol/chip") {
    return `a package has one door: export it from ${target}/index.ts and import "@trapeza/${target}"`;
  }
  if (code.owner === "firmware" && target === "protocol" && deep === undefined && !code.isTest) {
    return 'the chip knows only the chip-safe door: import "@trapeza/protocol/chip"';
  }
  return undefined;
}

function cureForRelative(house: House, code: Code, specifier: string): string | undefined {
  const target = resolveRelative(house, code.path, specifier);
  if (target === undefined) return undefined;
  const owner = target.split("/")[0];
  if (owner !== code.owner) return `a path may not leave its package: import "@trapeza/${owner}"`;
  if (code.isTest || !isChipSafe(code.path)) return undefined;
  return isChipSafe(target) ? undefined : `${target} is not chip-safe: wire, devices and chip.ts import only one another`;
}

function isChipSafe(path: string): boolean {
  return /^protocol\/(wire\/|devices\/|chip\.ts$)/.test(path);
}

function cureFor(house: House, code: Code, { specifier }: Import): string | undefined {
  if (specifier.startsWith(".")) return cureForRelative(house, code, specifier);
  if (specifier.startsWith("@trapeza/")) return cureForPackage(code, specifier);
  if (code.owner !== "protocol") return undefined;
  if (code.isTest && protocolTestNeeds.test(specifier)) return undefined;
  return `protocol imports nothing ("${specifier}"): pass it in as an argument, or move this code to the package that needs it`;
}

/** Imports run one way and only through a package's door. */
export const importDirection: Law = (house) =>
  house.code.flatMap((code) =>
    code.imports.flatMap((entry) => {
      const cure = cureFor(house, code, entry);
      return cure === undefined ? [] : [{ path: code.path, line: entry.line, cure }];
    }),
  );
