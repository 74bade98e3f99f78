/** Where every list of guesses begins. */
export const FIRST_GUESSES = /^(password|passw0rd|pa55word|parol|пароль|gfhjkm|trapeza|трапеза|letmein|iloveyou|administrator)[0-9!]*$/;
/** Rows of both keyboards, of figures and of letters. */
export const ROWS = [
  "1234567890",
  "qwertyuiopasdfghjklzxcvbnm",
  "йцукенгшщзхъфывапролджэячсмитьбю",
  "abcdefghijklmnopqrstuvwxyz",
  "1qaz2wsx3edc4rfv",
];
