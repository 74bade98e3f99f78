/** What is sent to whoever has an announcement to read, in Russian. */
export const ru = {
  subject: "Сообщение школы",
  short: "Новое сообщение в личном кабинете",
  text: (link: string) => "Здравствуйте!\n\nШкола прислала вам сообщение. Прочитать его можно в личном кабинете:\n\n" + link,
};

export type AnnouncementWords = typeof ru;
