/** The same in English. */
import type { MessageWords } from "./words.ru.js";

export const en: MessageWords = {
  code: (code) => "Trapeza: code " + code + ". Do not tell it to anybody.",
  knownPhone: 'Trapeza: this number has an account already. Forgotten the password? Open "Restore access" on the login page.',
  confirmEmail: (link) => [
    "Confirm your address",
    "Hello,\n\nto receive receipts at this address, and to get back in if you forget your password, open this link:\n\n" +
      link +
      "\n\nIt is good for 7 days. If you have not registered with Trapeza, there is nothing to do.",
  ],
  restore: (link) => [
    "New password",
    "Hello,\n\nto choose a new password, open this link:\n\n" +
      link +
      "\n\nIt is good for one hour. If you have not asked for it, there is nothing to do: the password stays as it is.",
  ],
  passwordChanged: [
    "Password changed",
    'Hello,\n\nthe password of your account has been changed; log in again on every device. If it was not you, choose a new one by "Restore access" and ' +
      "tell the school.",
  ],
  identityBound: (provider) => [
    "A new way to log in",
    "Hello,\n\nyour account can now be opened with " +
      provider +
      '. If it was not you, unlink it in the profile and choose a new password by "Restore access".',
  ],
};
