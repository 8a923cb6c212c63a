// Languages in which stories are often told and which a framework may not have, by BCP 47 tag.

export const OTHER_LANGUAGES = [
  "am", "ar", "bg", "ckb", "cs", "da", "de", "el", "en", "es", "fa", "fr", "ha", "he", "hi", "hr", "hu", "id", "ig", "it",
  "ku", "ln", "lt", "nl", "pap", "pl", "prs", "ps", "pt", "rif", "ro", "ru", "sk", "so", "sq", "sr", "sw", "ta", "th", "ti",
  "tr", "uk", "ur", "vi", "yo", "zgh", "zh",
];
