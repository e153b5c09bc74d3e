//! A batch of attempts: asked, worded, sealed. Computes; the stage calls it outside of the async runtime.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use contract::{BatchSealer, Bucket, CampaignSigner, GatewayPublic, SealError};
use domain::incident::IncidentFacts;
use domain::society::Society;
use domain::{AttemptId, Millis, PersonId, SocietyCode};
use localisation::Library;
use localisation::reference::Reference;
use rand::SeedableRng;
use rand::rngs::StdRng;
use store::seal::Opener;
use store::{AttemptRow, SealedAttempt, VoidReason};

use super::compose::{Material, envelope};
use super::gate::{Sending, Verdict, ask};
use crate::people::{Case, Rows, Setting, decide_all};

/// An attempt for a Society without a usable gateway key waits so long.
const NO_GATEWAY: i64 = Millis::HOUR;

/// The key that messages are sealed to, by Society, with its name in the store.
pub(super) type Gateways = BTreeMap<SocietyCode, (String, GatewayPublic)>;

/// One campaign's part of a batch, with all that is needed to seal it.
pub(super) struct Work {
    pub(super) rows: Vec<AttemptRow>,
    pub(super) people: Rows,
    pub(super) opener: Arc<Opener>,
    pub(super) setting: Arc<Setting>,
    pub(super) signer: Arc<CampaignSigner>,
    pub(super) gateways: Gateways,
    pub(super) facts: IncidentFacts,
    pub(super) library: Arc<Library>,
    pub(super) floor: Bucket,
    pub(super) now: Millis,
}

/// What became of it.
#[derive(Default)]
pub(super) struct Done {
    pub(super) sealed: Vec<SealedAttempt>,
    pub(super) void: Vec<(AttemptId, VoidReason)>,
    pub(super) postponed: Vec<(AttemptId, Millis)>,
}

impl Work {
    /// Decides every person of the batch, then seals what may leave.
    pub(super) fn seal_all(mut self) -> Done {
        let rows = std::mem::take(&mut self.rows);
        let people = std::mem::take(&mut self.people);
        let cases = decide_all(people, &self.opener, &self.setting, self.now, &[]);
        let cases: HashMap<PersonId, Case> = cases.into_iter().map(|c| (c.person, c)).collect();
        // Seeded once a batch: codes and key agreements without a system call each.
        let mut rng = StdRng::from_rng(&mut rand::rng());
        let mut done = Done::default();
        let mut by_society: BTreeMap<SocietyCode, Vec<AttemptRow>> = BTreeMap::new();
        for row in rows {
            by_society.entry(row.society.clone()).or_default().push(row);
        }
        for (code, rows) in by_society {
            let society = self.setting.societies().get(&code);
            let Some((society, (kid, gateway))) = society.zip(self.gateways.get(&code)) else {
                tracing::error!(society = %code, attempts = rows.len(), "no gateway key: they wait an hour");
                let later = self.now.plus(NO_GATEWAY);
                done.postponed.extend(rows.iter().map(|r| (r.id, later)));
                continue;
            };
            self.seal_for(society, kid, gateway, &rows, &cases, &mut rng, &mut done);
        }
        done
    }

    #[expect(clippy::too_many_arguments, reason = "one gateway's share of a batch; a struct would live for one call")]
    fn seal_for(
        &self,
        society: &Society,
        kid: &str,
        gateway: &GatewayPublic,
        rows: &[AttemptRow],
        cases: &HashMap<PersonId, Case>,
        rng: &mut StdRng,
        done: &mut Done,
    ) {
        let mut sealer = BatchSealer::new(rng, &self.signer, gateway).with_floor(self.floor);
        for row in rows {
            let sending = match ask(row, cases, self.now) {
                Verdict::Send(sending) => sending,
                Verdict::Void(reason) => {
                    done.void.push((row.id, reason));
                    continue;
                }
                Verdict::Wait(until) => {
                    done.postponed.push((row.id, until));
                    continue;
                }
            };
            if sealer.left() == 0 {
                sealer = BatchSealer::new(rng, &self.signer, gateway).with_floor(self.floor);
            }
            let reference = row.reference.clone();
            let reference = reference.unwrap_or_else(|| Reference::random(rng).to_string());
            match self.seal_one(row, sending, society, cases, reference, &mut sealer) {
                Ok(sealed) => done.sealed.push(SealedAttempt { kid: Some(kid.to_owned()), ..sealed }),
                Err(reason) => done.void.push((row.id, reason)),
            }
        }
    }

    fn seal_one(
        &self,
        row: &AttemptRow,
        sending: Sending,
        society: &Society,
        cases: &HashMap<PersonId, Case>,
        reference: String,
        sealer: &mut BatchSealer<'_>,
    ) -> Result<SealedAttempt, VoidReason> {
        let bearer = row.notifications.first().and_then(|m| cases.get(&m.person));
        let not_after = row.not_after.min(self.signer.not_after());
        let material = Material {
            row,
            bearer: bearer.ok_or(VoidReason::FactsChanged)?,
            sending: &sending,
            society,
            facts: &self.facts,
            library: &self.library,
            reference: &reference,
            drill: self.signer.is_drill(),
            now: self.now,
            not_after,
        };
        let refuse = |why: &str| VoidReason::Refused(why.to_owned());
        let envelope = envelope(&material).map_err(refuse)?;
        let sealed = sealer.seal(&envelope).map_err(|error| refuse(word(row.id, error)))?;
        Ok(SealedAttempt {
            attempt: row.id,
            message_id: sealed.message_id,
            body: sealed.body,
            reference,
            level: sending.level,
            language: sending.language,
            form: row.step.form,
            not_before: self.now,
            not_after,
            facts_version: row.current_facts_version,
            kid: None,
        })
    }
}

fn word(attempt: AttemptId, error: SealError) -> &'static str {
    tracing::debug!(%attempt, %error, "not sealed");
    match error {
        SealError::Envelope(_) => "envelope",
        SealError::TooLarge => "too_large",
        SealError::OutlivesCertificate => "certificate",
        _ => "seal",
    }
}
