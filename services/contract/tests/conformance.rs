//! The kit finds nothing wrong with a good gateway, and each mistake of a bad one.

mod support;

use std::collections::HashMap;

use contract::conformance::{Answered, Kit, Script};
use contract::{
    Content, FailureCode, GatewayOpener, GatewayPrivate, OpenError, Receipt, ReceiptBatch, V1, seal_receipts,
};
use domain::receipt::ReceiptKind as R;
use domain::{AttemptId, Channel, Millis};
use rand::SeedableRng;
use rand::rngs::StdRng;
use support::{NOW, society, uuid};

/// What a gateway's author can get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    None,
    Forgets,
    Hurries,
    IgnoresHours,
    SendsTheExpired,
    ForgetsRecalls,
    WithdrawsWhatIsSent,
    DropsTaskIds,
    SaysInformed,
    NumbersTwice,
    SkipsANumber,
    BelievesEverything,
    SaysNothing,
    WrongClock,
}

struct Model {
    opener: GatewayOpener,
    mistake: Mistake,
    states: HashMap<AttemptId, &'static str>,
    rng: StdRng,
}

impl Model {
    fn receipt(&mut self, attempt_id: AttemptId, kind: R, task_id: Option<uuid::Uuid>) -> Receipt {
        let at = if self.mistake == Mistake::WrongClock { Millis(NOW.0 / 1000) } else { NOW };
        let code = (kind == R::Failed).then_some(FailureCode::Other);
        Receipt { idem: uuid(&mut self.rng), attempt_id, kind, at, code, task_id }
    }

    fn answer(&mut self, body: &[u8]) -> Vec<Receipt> {
        use Mistake as M;
        let envelope = match self.opener.open(body, NOW) {
            Ok(envelope) => envelope,
            Err(OpenError::Expired { attempt_id, .. }) => {
                let kind = if self.mistake == M::SendsTheExpired { R::Sent } else { R::Expired };
                return vec![self.receipt(attempt_id, kind, None)];
            }
            Err(OpenError::Society | OpenError::Version) if self.mistake == M::BelievesEverything => {
                // It cannot know the attempt; that it answers at all is the mistake.
                let attempt = AttemptId::from(uuid(&mut self.rng));
                return vec![self.receipt(attempt, R::Accepted, None)];
            }
            Err(_) => return vec![],
        };
        let (attempt, mistake) = (envelope.attempt_id, self.mistake);
        let state = self.states.get(&attempt).copied();
        match envelope.content {
            Content::Recall(_) => {
                let late = state == Some("sent") && mistake != M::WithdrawsWhatIsSent;
                if mistake != M::ForgetsRecalls {
                    self.states.insert(attempt, if late { "sent" } else { "withdrawn" });
                }
                vec![self.receipt(attempt, if late { R::TooLate } else { R::Withdrawn }, None)]
            }
            _ if state.is_some() && mistake != M::Forgets => vec![],
            Content::Task(task) => {
                self.states.insert(attempt, "sent");
                let id = Some(task.task_id).filter(|_| mistake != M::DropsTaskIds);
                vec![self.receipt(attempt, R::Accepted, id)]
            }
            Content::Notice(data) => {
                let waits = data.not_before > NOW && mistake != M::Hurries
                    || data.hours.is_some() && mistake != M::IgnoresHours;
                self.states.insert(attempt, if waits { "waiting" } else { "sent" });
                let mut told = vec![self.receipt(attempt, R::Accepted, None)];
                if !waits {
                    let kind = if mistake == M::SaysInformed { R::Informed } else { R::Sent };
                    told.push(self.receipt(attempt, kind, None));
                }
                told
            }
        }
    }
}

/// Plays both acts against a gateway with a mistake; how many findings, and whether every answer came.
fn play(mistake: Mistake) -> (Vec<String>, bool) {
    let mut rng = StdRng::seed_from_u64(11);
    let kit = Kit::generate(&mut rng);
    let keys = GatewayPrivate::generate(&mut rng, society("KE"));
    let script = Script::write(&mut rng, &kit, &keys.public(), &[Channel::Sms, Channel::Email], NOW).expect("a script");
    let (pinned, receipts_to) = kit.public().read().expect("keys");
    let opening = contract::OpeningKey::try_from(&keys.to_jwks().keys[0]).expect("own key");
    let opener = GatewayOpener::new(vec![opening], pinned, society("KE"));
    let mut model = Model { opener, mistake, states: HashMap::new(), rng: StdRng::seed_from_u64(12) };
    let (mut answered, mut sequence, mut whole) = (Answered::default(), 0, true);
    for act in [0, 1] {
        let receipts: Vec<Receipt> = script.act(act).iter().flat_map(|line| model.answer(&line.body)).collect();
        for receipts in receipts.chunks(5) {
            sequence += match mistake {
                Mistake::NumbersTwice if sequence == 1 => 0,
                Mistake::SkipsANumber if sequence == 1 => 2,
                Mistake::SaysNothing => break,
                _ => 1,
            };
            let batch = ReceiptBatch {
                v: V1,
                society: society("KE"),
                gateway_key: keys.public().verifying_kid().to_owned(),
                sequence,
                receipts: receipts.to_vec(),
            };
            let body = seal_receipts(&mut rng, &keys, &receipts_to, &batch).expect("sealed");
            answered.take(&script, &kit, "KE", &body);
        }
        whole &= script.is_answered(&answered, act);
    }
    (script.judge(&answered).into_iter().map(|f| format!("{}: {}", f.case, f.what)).collect(), whole)
}

#[test]
fn a_good_gateway_has_no_findings() {
    assert_eq!(play(Mistake::None), (vec![], true));
}

#[test]
fn every_mistake_is_found_and_named() {
    use Mistake as M;
    for (mistake, words) in [
        (M::Forgets, "done twice"),
        (M::Hurries, "before its time: answered `sent`"),
        (M::IgnoresHours, "safe hours: answered `sent`"),
        (M::SendsTheExpired, "after its end: no answer; expected `expired`"),
        (M::ForgetsRecalls, "recall that comes before its notice: answered `sent`"),
        (M::WithdrawsWhatIsSent, "withdrawn and sent"),
        (M::DropsTaskIds, "task_id"),
        (M::SaysInformed, "answered `informed`"),
        (M::NumbersTwice, "two different batches have the number 1"),
        (M::SkipsANumber, "does not count up by one"),
        (M::BelievesEverything, "an attempt that was never sent"),
        (M::SaysNothing, "no answer"),
        (M::WrongClock, "an hour off"),
    ] {
        let (findings, _) = play(mistake);
        assert!(findings.iter().any(|finding| finding.contains(words)), "{mistake:?}: {findings:#?}");
    }
    assert!(!play(M::SaysNothing).1);
}
