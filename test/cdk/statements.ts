/** The statements of a role, as a reader sees them. */
import type { Template } from 'aws-cdk-lib/assertions';
import { readable } from './synthesized.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: unknown;
}

interface Role {
  readonly Properties: { readonly Policies?: { readonly PolicyDocument: { readonly Statement: Statement[] } }[] };
}

/** Every statement of the roles whose logical id begins so, those of attached policies too. */
export function statementsOf(template: Template, role: string): Statement[] {
  const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith(role));
  const ids = new Set(roles.map(([id]) => id));
  const attached = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    Properties.Roles.some(({ Ref }: { Ref: string }) => ids.has(Ref)),
  );
  const inline = roles.flatMap(([, found]) => (found as Role).Properties.Policies ?? []);
  const documents = [...inline, ...attached.map(({ Properties }) => Properties)];
  return documents.flatMap(({ PolicyDocument }) => readable(PolicyDocument.Statement) as Statement[]);
}

export function find(
  statements: readonly Statement[],
  action: string,
  effect: Statement['Effect'] = 'Allow',
): Statement[] {
  return statements.filter((statement) => statement.Effect === effect && [statement.Action].flat().includes(action));
}
