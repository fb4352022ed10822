// Which names say that what they name is secret: of variables, and of headers that nobody described to us.

const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH|COOKIE|SIGNATURE/i;

/** Names of a way to a secret, or of how it is used. */
const OF_ANOTHER = /(?:_FILE|_PATH|_DIR|_SOCK|_URL|_COMMAND|_METHOD|_TYPE|_NAME)$|^XAUTHORITY$|^MAX_/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !OF_ANOTHER.test(name);
}
