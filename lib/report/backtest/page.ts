/**
 * A backtest as one page: how far to believe it, what the policy would have done against what really happened, and what that rests on.
 * The words stand in the HTML; the numbers lie packed in data blocks that the script draws from.
 */
import type { SideFigures } from '../../sim/backtest/backtest.ts';
import { LEAST_FIDELITY } from '../../sim/backtest/fidelity.ts';
import { CHART_MODULES, readAssets } from '../assets.ts';
import { type Html, html, trusted } from '../html.ts';
import { assumptionList, chart, decisions, hints, moves, renderDocument, sayings } from '../parts.ts';
import { MOST_ROWS } from '../series.ts';
import { number, percent } from '../words.ts';
import type { Backtested } from './backtested.ts';
import { blocksOf, playersOf } from './payload.ts';
import {
  dollars,
  fidelityParts,
  fidelityWords,
  limitsOf,
  minutesOf,
  monthlyDollars,
  serviceOf,
  spanOf,
  verdictOf,
} from './words.ts';

const SOURCES = {
  modules: [
    ...CHART_MODULES,
    'comparison/browser/strips.js',
    ...['replayed', 'main'].map((name) => `backtest/browser/${name}.js`),
  ],
  styles: ['browser/page.css', 'comparison/browser/comparison.css', 'backtest/browser/backtest.css'],
};

export function renderBacktestPage(told: Backtested): string {
  const players = playersOf(told);
  return renderDocument(`${serviceOf(told)} · backtest · Schmitt`, readAssets(SOURCES), {
    body: html`${header(told)}
<main>
${scores(told)}
${players.length === 0 ? trusted('') : html`${picture(told)}${decisions()}`}
${policy(told)}
${assumptionList(limitsOf(told))}
</main>`,
    data: blocksOf(told),
  });
}

function header(told: Backtested): Html {
  return html`<header>
<p class="kicker">Schmitt replayed a policy over what really happened</p>
<h1>${serviceOf(told)} <span class="service">${spanOf(told)}</span></h1>
${fidelity(told)}
<p class="lead">${verdictOf(told)}</p>
${tiles(told)}
</header>`;
}

function fidelity(told: Backtested): Html {
  const { outcome } = told;
  const grade = outcome.kind === 'ranked' ? 'good' : 'bad';
  const score = outcome.fidelity === null ? undefined : Math.round(100 * Math.max(0, outcome.fidelity.score));
  const needed = Math.round(100 * LEAST_FIDELITY);
  return html`<section class="fidelity ${grade}" aria-labelledby="fidelity-title">
<h2 id="fidelity-title">${score === undefined ? 'Fidelity unknown' : html`Fidelity ${percent(score)}`}</h2>
${
  score === undefined
    ? trusted('')
    : html`<meter min="0" max="100" low="${needed}" high="${needed}" optimum="100" value="${score}" aria-label="Fidelity">${score} %</meter>`
}
<p>${fidelityWords(told)}</p>
${outcome.fidelity === null ? trusted('') : parts(fidelityParts(outcome.fidelity))}
</section>`;
}

function parts(all: ReturnType<typeof fidelityParts>): Html {
  return html`<dl>${all.map(
    ([term, value, meaning]) => html`<div><dt>${term}</dt><dd><b>${value}</b> ${meaning}</dd></div>
`,
  )}</dl>`;
}

function tiles(told: Backtested): Html {
  const { outcome } = told;
  const price = told.price.dollarsPerHour;
  if (outcome.kind === 'refused') return trusted('');
  const { policy, real, days, overloaded } = outcome.comparison;
  const monthly = monthlyDollars(outcome.comparison, price);
  const shown: readonly (readonly [string, string, string])[] = [
    ['Cost', dollars(policy.taskHours * price), `really ${dollars(real.taskHours * price)}`],
    ['A month', `${monthly > 0 ? '+' : '−'}${dollars(Math.abs(monthly))}`, 'against what it really costs'],
    overloaded === undefined
      ? ['Overloaded', 'unknown', 'the policy reads nothing that tells']
      : ['Overloaded', minutesOf(policy.overloadedMinutes), `really ${minutesOf(real.overloadedMinutes)}`],
    ['Changes', number(policy.changes / days), `a day; really ${number(real.changes / days)}`],
  ];
  return html`<dl class="scores">${shown.map(
    ([name, value, meaning]) =>
      html`<div><dt>${name}</dt><dd><b class="value">${value}</b><small>${meaning}</small></dd></div>
`,
  )}</dl>`;
}

function scores(told: Backtested): Html {
  const { outcome } = told;
  const price = told.price.dollarsPerHour;
  if (outcome.kind === 'refused') return trusted('');
  const { policy, real, model, days, overloaded } = outcome.comparison;
  const row = (name: string, side: SideFigures, known: boolean, own: boolean) => html`<tr${
    own ? trusted(' class="own"') : trusted('')
  }><th scope="row">${name}</th><td>${dollars(side.taskHours * price)}</td><td>${
    known ? `${number(Math.round(side.overloadedMinutes))} min` : 'unknown'
  }</td><td>${number(side.taskHours)}</td><td>${number(side.changes / days)}</td></tr>
`;
  return html`<section aria-labelledby="scores-title">
<h2 id="scores-title">Scores</h2>
<p class="range">The last line is the model of what scaled it: how far it is from what really was shows what the method itself gets wrong.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="scores-title"><table class="scoretable">
<thead><tr><th scope="col">Who scaled</th><th scope="col">Cost</th><th scope="col">Overloaded</th><th scope="col">Task-hours</th><th scope="col">Changes <small>a day</small></th></tr></thead>
<tbody>${[
    row('this policy', policy, overloaded !== undefined, true),
    row('what really scaled it', real, overloaded !== undefined, false),
    row('the model', model, overloaded !== undefined, false),
  ]}</tbody>
</table></div>
</section>`;
}

function picture(told: Backtested): Html {
  const { from, to } = told.history;
  const thinned =
    (to - from) / 60_000 > MOST_ROWS
      ? html`. Each point stands for several minutes and shows their smallest and largest value.`
      : trusted('');
  const shades = { overload: 'too few tasks for the load', gap: 'the load is not known' };
  return html`<section aria-labelledby="picture-title" id="picture">
<div class="bar">
<h2 id="picture-title">What <label class="unseen" for="run">whom to show</label><select id="run"></select> would have done</h2>
${moves()}
</div>
${hints(thinned, shades)}
<figure id="chart-strips" class="strips">
<figcaption><b>Overloaded</b> <span>when each of them was; tap a line to see it</span></figcaption>
<div class="plot" role="img" aria-label="When each of them was overloaded; the figures stand in the table of scores"></div>
</figure>
${chart('load', 'Load and tasks', 'in tasks; the load is what it would take at the limit of overload')}
${chart('tasks', 'Desired count', 'grey is what really was; ▲ and ▼ are decisions to scale out and in')}
${chart('cpu', 'CPU', 'percent, mean of the tasks; grey is what really was, the dashed lines are the policy’s thresholds')}
${sayings()}
</section>`;
}

function policy({ policyFile, policyText, outcome }: Backtested): Html {
  const note = outcome.kind === 'ranked' ? '' : ' was not judged';
  return html`<section aria-labelledby="policy-title">
<h2 id="policy-title">Policy</h2>
<p class="range">${policyFile}${note}</p>
<pre tabindex="0" aria-label="The policy as it is written">${policyText}</pre>
</section>`;
}
