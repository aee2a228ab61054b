/** Input a person can mend. The message is the whole sentence: it names the file, the line, the field, the value and the mend. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}
