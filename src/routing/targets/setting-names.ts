// What a provider's settings are called. Our sentences name those of the main provider; of any other they name its own.

/** The variables, or places in a file, that hold a provider's key and address. */
export interface SettingNames {
  readonly key: string;
  readonly baseUrl: string;
}

/** The sentence with the provider's own names in it. */
export function inItsNames(text: string, names: SettingNames | undefined): string {
  if (names === undefined) return text;
  // Functions, because a name is no pattern: `$` means nothing in it.
  return text.replace(/\bAPI_BASE_URL\b/g, () => names.baseUrl).replace(/\bAPI_KEY\b/g, () => names.key);
}
