//! Actions that take two operators: pending with digest, nonce and expiry, executed once.

use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::channel::word;
use crate::merkle::Hash;
use crate::{ActionId, Millis, OperatorId};

word! {
    /// What is to be done.
    ActionKind {
        /// Approve a manifest or a supplement.
        Approve = "approve",
        /// Resume a paused campaign.
        Resume = "resume",
        /// Lift a hold.
        LiftHold = "lift_hold",
        /// Loosen a protection fact.
        LoosenFact = "loosen_fact",
        /// Accept a merge that changes who is told.
        AcceptMerge = "accept_merge",
        /// Tell two persons apart who shared restrictions, where that opens a route for one of them.
        RejectMerge = "reject_merge",
        /// Undo a merge: records leave a person.
        UndoMerge = "undo_merge",
        /// Export.
        Export = "export",
        /// Destroy the key of a record or an incident.
        Shred = "shred",
        /// Decide a public notice for a group.
        PublicNotice = "public_notice",
        /// Add an operator.
        AddOperator = "add_operator",
        /// Revoke an operator.
        RevokeOperator = "revoke_operator",
        /// Add or rotate a gateway key.
        GatewayKey = "gateway_key",
        /// Put a Society's context: hotline, risk tier, offers.
        PutSociety = "put_society",
        /// Answer for receipts: one operator's word, kept with its signature; never pending.
        Receipts = "receipts",
    }
}

/// Milliseconds for which a pending action can be signed: two people in different time zones, not a week.
pub const ACTION_LIFETIME: i64 = 3 * Millis::DAY;

/// An action that waits for, or has, its second signature. What it does is in `subject`, bound by the digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Id.
    pub id: ActionId,
    /// What.
    pub kind: ActionKind,
    /// The whole of what is to be done, as JSON without personal data.
    pub subject: String,
    /// Single-use random number.
    pub nonce: Uuid,
    /// Not valid from this instant.
    pub expires_at: Millis,
}

impl Action {
    /// What each operator signs: kind, subject, nonce and expiry, length-prefixed.
    #[must_use]
    pub fn digest(&self) -> Hash {
        let mut hash = Sha256::new();
        hash.update(b"tidings action v1");
        for part in [
            self.id.uuid().as_bytes().as_slice(),
            self.kind.as_str().as_bytes(),
            self.subject.as_bytes(),
            self.nonce.as_bytes(),
            &self.expires_at.0.to_be_bytes(),
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// One operator's signature over an action's digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endorsement {
    /// Who.
    pub operator: OperatorId,
    /// Ed25519 signature, 64 bytes.
    pub signature: Vec<u8>,
}

/// An operator's public side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorKey {
    /// Who.
    pub operator: OperatorId,
    /// Ed25519 public key.
    #[serde(with = "crate::manifest::hex32")]
    pub key: [u8; 32],
    /// Revoked from this instant.
    pub revoked_at: Option<Millis>,
}

/// Why an action is not to be executed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Fewer than two operators have signed.
    #[error("{0} of 2 operators have signed: another one has to, with `tidings action sign`")]
    TooFew(usize),
    /// The same person twice.
    #[error("operator {0} has signed already; a second person has to")]
    SamePerson(OperatorId),
    /// Two operators with one key are one person.
    #[error("operators {0} and {1} use the same key")]
    SameKey(OperatorId, OperatorId),
    /// Unknown operator.
    #[error("operator {0} is not known")]
    UnknownOperator(OperatorId),
    /// Revoked operator.
    #[error("operator {0} was revoked")]
    Revoked(OperatorId),
    /// The signature does not fit.
    #[error("the signature of operator {0} does not fit this action")]
    BadSignature(OperatorId),
    /// Too late.
    #[error("the action expired; propose it again")]
    Expired,
}

/// Checks one signature.
///
/// # Errors
/// [`Refusal`] says why it does not count.
pub fn check(action: &Action, by: &Endorsement, keys: &[OperatorKey], now: Millis) -> Result<[u8; 32], Refusal> {
    if now >= action.expires_at {
        return Err(Refusal::Expired);
    }
    let key = keys.iter().find(|k| k.operator == by.operator).ok_or(Refusal::UnknownOperator(by.operator))?;
    if key.revoked_at.is_some_and(|at| at <= now) {
        return Err(Refusal::Revoked(by.operator));
    }
    let bad = Refusal::BadSignature(by.operator);
    let verifying = VerifyingKey::from_bytes(&key.key).map_err(|_| bad.clone())?;
    let signature = Signature::from_slice(&by.signature).map_err(|_| bad.clone())?;
    verifying.verify(&action.digest(), &signature).map_err(|_| bad)?;
    Ok(key.key)
}

/// Proof that two different operators with two different keys have signed; only [`authorise`] makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authorised {
    /// The action.
    pub action: ActionId,
    /// Who proposed.
    pub first: OperatorId,
    /// Who agreed.
    pub second: OperatorId,
}

/// Checks that two different operators signed. The store still has to consume the nonce, once.
///
/// # Errors
/// [`Refusal`] says what is missing or wrong.
pub fn authorise(
    action: &Action,
    endorsements: &[Endorsement],
    keys: &[OperatorKey],
    now: Millis,
) -> Result<Authorised, Refusal> {
    let mut valid: Vec<(OperatorId, [u8; 32])> = Vec::new();
    for endorsement in endorsements {
        let key = check(action, endorsement, keys, now)?;
        if valid.iter().any(|(who, _)| *who == endorsement.operator) {
            return Err(Refusal::SamePerson(endorsement.operator));
        }
        if let Some((who, _)) = valid.iter().find(|(_, k)| *k == key) {
            return Err(Refusal::SameKey(*who, endorsement.operator));
        }
        valid.push((endorsement.operator, key));
    }
    match valid[..] {
        [(first, _), (second, _), ..] => Ok(Authorised { action: action.id, first, second }),
        _ => Err(Refusal::TooFew(valid.len())),
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};

    use super::*;

    fn operator(seed: u8) -> (SigningKey, OperatorKey) {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let public = key.verifying_key().to_bytes();
        (key, OperatorKey { operator: OperatorId::random(), key: public, revoked_at: None })
    }

    fn action() -> Action {
        Action {
            id: ActionId::random(),
            kind: ActionKind::Approve,
            subject: "{}".to_owned(),
            nonce: Uuid::from_u128(9),
            expires_at: Millis(1000),
        }
    }

    fn sign(key: &SigningKey, who: OperatorId, action: &Action) -> Endorsement {
        Endorsement { operator: who, signature: key.sign(&action.digest()).to_bytes().to_vec() }
    }

    #[test]
    fn two_people_with_two_keys_and_nothing_less() {
        let ((k1, o1), (k2, o2)) = (operator(1), operator(2));
        let keys = [o1.clone(), o2.clone()];
        let action = action();
        let (a, b) = (sign(&k1, o1.operator, &action), sign(&k2, o2.operator, &action));
        let both = [a.clone(), b.clone()];
        assert!(authorise(&action, &both, &keys, Millis(0)).is_ok());
        assert_eq!(authorise(&action, &both[..1], &keys, Millis(0)), Err(Refusal::TooFew(1)));
        assert_eq!(
            authorise(&action, &[a.clone(), a.clone()], &keys, Millis(0)),
            Err(Refusal::SamePerson(o1.operator))
        );
        assert_eq!(authorise(&action, &both, &keys, Millis(1000)), Err(Refusal::Expired));
        let twin = OperatorKey { operator: OperatorId::random(), ..o1.clone() };
        let with_twin = [o1.clone(), twin.clone()];
        assert_eq!(
            authorise(&action, &[a.clone(), sign(&k1, twin.operator, &action)], &with_twin, Millis(0)),
            Err(Refusal::SameKey(o1.operator, twin.operator))
        );
        let revoked = [o1.clone(), OperatorKey { revoked_at: Some(Millis(0)), ..o2.clone() }];
        assert_eq!(authorise(&action, &both, &revoked, Millis(1)), Err(Refusal::Revoked(o2.operator)));
    }

    #[test]
    fn any_change_after_signing_is_refused() {
        let ((k1, o1), (k2, o2)) = (operator(1), operator(2));
        let keys = [o1.clone(), o2.clone()];
        let signed = action();
        let both = [sign(&k1, o1.operator, &signed), sign(&k2, o2.operator, &signed)];
        let changes: [fn(&mut Action); 5] = [
            |a| a.id = ActionId::random(),
            |a| a.kind = ActionKind::Shred,
            |a| a.subject.push(' '),
            |a| a.nonce = Uuid::from_u128(10),
            |a| a.expires_at = Millis(2000),
        ];
        for change in changes {
            let mut other = signed.clone();
            change(&mut other);
            assert_eq!(authorise(&other, &both, &keys, Millis(0)), Err(Refusal::BadSignature(o1.operator)));
        }
    }
}
