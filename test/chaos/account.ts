/** Where and when every run takes place. */
import type { Account } from '../../lib/loop/account.ts';
import type { EpochMs } from '../../lib/policy/policy.ts';

export const ACCOUNT: Account = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };

/** The first tick is 55 s past a full minute, when the minute before is settled. */
export const STARTS_AT: EpochMs = Date.UTC(2026, 10, 18, 12, 0, 55);
