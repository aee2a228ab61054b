/** Names as CloudWatch's dimensions have them, from ARNs. */

/** `targetgroup/web/73e2d6bc24d8a067`. */
export function targetGroupName(arn: string): string {
  return afterLast(':', arn);
}

export function afterLast(mark: string, text: string): string {
  return text.slice(text.lastIndexOf(mark) + mark.length);
}
