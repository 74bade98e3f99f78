import tseslint from "typescript-eslint";

// Without type information on purpose: the compiler already has the types, and a check that takes seconds is a check that is run.
export default tseslint.config(
  { ignores: ["**/dist/", "**/*.d.ts", "**/data/", "**/artifacts/", "**/coverage/", "**/vectors/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  tseslint.configs.recommended,
  {
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "none" }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "no-constant-condition": ["error", { checkLoops: "allExceptWhileTrue" }],
      "no-debugger": "error",
      "no-dupe-else-if": "error",
      "no-duplicate-case": "error",
      "no-empty": "error",
      "no-fallthrough": "error",
      "no-self-assign": "error",
      "no-self-compare": "error",
      "no-unreachable": "error",
      "no-unsafe-finally": "error",
      "no-useless-catch": "error",
      "no-eval": "error",
      "use-isnan": "error",
      "valid-typeof": "error",
      eqeqeq: ["error", "always"],
    },
  },
);
