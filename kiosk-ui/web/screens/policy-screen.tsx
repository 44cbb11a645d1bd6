import type {
  PolicyCounts,
  PolicyProposalView,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useCallback, useState } from 'react';
import { estimateText, moreTasksText, policyWords as words } from '../../strings/policy-words.ts';
import { FactList } from '../fact-list.tsx';
import { PageBar } from '../page-bar.tsx';
import { useDecide } from '../use-decisions.ts';
import { useFresh } from '../use-fresh.ts';
import type { Kiosk } from '../use-kiosk.ts';

/** Which rules hold, and what the ones that were tried would have done. */
export function PolicyScreen({ kiosk, close }: { kiosk: Kiosk; close(): void }) {
  const { client } = kiosk;
  const read = useCallback(() => client.showPolicy({}), [client]);
  const { list, refresh } = useFresh(kiosk, read);
  const decide = useDecide(kiosk, refresh);
  const [isDone, setIsDone] = useState(false);
  const proposal = list?.proposal;
  const activate = async () => {
    const policy = proposal?.policy;
    if (!policy) return;
    setIsDone(await decide({ case: 'activatePolicy', value: { policy } }));
  };
  return (
    <section className="record-page policy">
      <PageBar title={words.title} back={words.back} close={close} />
      {list && <FactList facts={[[words.inForce, list.version]]} />}
      {isDone && <p className="state">{words.done}</p>}
      {list && !proposal && !isDone && (
        <p className="nothing">
          {words.nothingTried} {words.howToTry}
        </p>
      )}
      {proposal && !isDone && (
        <Proposal
          proposal={proposal}
          isActivatable={list?.activatable ?? false}
          activate={() => void activate()}
        />
      )}
    </section>
  );
}

interface ProposalProps {
  proposal: PolicyProposalView;
  isActivatable: boolean;
  activate(): void;
}

function Proposal({ proposal, isActivatable, activate }: ProposalProps) {
  const { policy, days, recorded, inForce, candidate, failures, firstFailure, changes } = proposal;
  const difference = (candidate?.tasks ?? 0) - (inForce?.tasks ?? 0);
  return (
    <>
      <h2>{words.tried(policy?.version ?? '')}</h2>
      <div className="outcome">
        <div>
          <p className="state">{moreTasksText(difference)}</p>
          <p>{words.onFacts(days)}</p>
        </div>
        <Activation isActivatable={isActivatable} activate={activate} />
      </div>
      <div className="dry-run">
        <section>
          <h3>{words.counted}</h3>
          <p className="hint">{words.countedHint}</p>
          <table>
            <thead>
              <tr>
                {words.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <CountRow name={words.recorded} counts={recorded} />
              <CountRow name={words.again} counts={inForce} />
              <CountRow name={words.candidate} counts={candidate} />
            </tbody>
          </table>
        </section>
        <section>
          <h3>{words.estimated}</h3>
          <p className="hint">{words.estimatedHint}</p>
          <FactList
            facts={[
              [words.stockoutMinutes, estimateText(proposal.avoidedStockoutMinutes)],
              [words.lostUnits, estimateText(proposal.avoidedLostUnits)],
            ]}
          />
        </section>
      </div>
      {failures > 0 && <p role="note">{words.failures(failures, firstFailure)}</p>}
      <h3>{words.changes}</h3>
      <dl className="explained">
        {changes.map(({ name, before, after }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {words.was(before)} → {words.was(after)}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function CountRow({ name, counts }: { name: string; counts: PolicyCounts | undefined }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {[counts?.needs, counts?.tasks, counts?.ended].map((count, column) => (
        <td key={words.columns[column + 1]}>{count ?? 0}</td>
      ))}
    </tr>
  );
}

/** Two touches: rules that hold change what everybody does next. */
function Activation({ isActivatable, activate }: Omit<ProposalProps, 'proposal'>) {
  const [isAsked, setIsAsked] = useState(false);
  if (!isActivatable) return <p className="hint">{words.notYours}</p>;
  return (
    <button type="button" className="primary" onClick={isAsked ? activate : () => setIsAsked(true)}>
      {isAsked ? words.sure : words.activate}
    </button>
  );
}
