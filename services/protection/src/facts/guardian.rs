//! Guardians: one entry for each person who is guardian in some record, with what all records say about them.

use domain::RecordId;
use domain::record::{Answer, ChildAgrees, LanguageWish, Liberty, Literacy, Relation, RelationKind, Vital};

use crate::atoms::{Atom as A, Atoms};
use crate::codes::{self, Meaning};
use crate::facts::read::need_flag;
use crate::facts::subject::GuardianStatus;
use crate::facts::today::Today;
use crate::facts::values::{Needs, Seen, need_atoms};

/// Where a relation stands: the register it was written in, and the words used there.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) register: (&'a str, &'a str),
    pub(crate) relation: &'a Relation,
}

/// One guardian.
#[derive(Clone)]
pub(crate) struct Guardian<'a> {
    named: Named<'a>,
    /// Relations that speak of this guardian.
    pub(crate) relations: Vec<(RecordId, u8)>,
    authority: bool,
    verifier: bool,
    dated: bool,
    out_of_force: bool,
    perpetrator: Seen,
    agrees: Seen,
    blocked: bool,
    codes_known: bool,
    literacy: Seen,
    needs: Needs,
    pub(crate) languages: Vec<LanguageWish>,
}

/// Whether two descriptions may be of one person: `None` where they cannot be compared.
pub(crate) fn same_person(a: Named<'_>, b: Named<'_>) -> Option<bool> {
    if let (Some(x), Some(y)) = (&a.relation.record, &b.relation.record)
        && a.register == b.register
    {
        return Some(x == y);
    }
    let (x, y) = (a.relation.name.as_ref()?, b.relation.name.as_ref()?);
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
    };
    let (x, y) = (words(x.expose()), words(y.expose()));
    if x.is_empty() || y.is_empty() || x.concat().is_ascii() != y.concat().is_ascii() {
        return None; // masked, or in another script
    }
    Some(x.iter().any(|w| y.contains(w)))
}

/// May be the same person; what cannot be compared may.
pub(crate) fn perhaps_same(a: Named<'_>, b: Named<'_>) -> bool {
    same_person(a, b).unwrap_or(true)
}

/// Two entries of one guardian: by record id only. Two people may share a name, and uniting them could make one
/// verified guardian out of two unverified ones.
fn surely_same(a: Named<'_>, b: Named<'_>) -> bool {
    a.relation.record.is_some() && a.register == b.register && a.relation.record == b.relation.record
}

impl<'a> Guardian<'a> {
    fn new(named: Named<'a>) -> Self {
        Self {
            named,
            relations: Vec::new(),
            authority: false,
            verifier: false,
            dated: false,
            out_of_force: false,
            perpetrator: Seen::default(),
            agrees: Seen::default(),
            blocked: false,
            codes_known: false,
            literacy: Seen::default(),
            needs: Needs::default(),
            languages: Vec::new(),
        }
    }

    fn read(&mut self, relation: &Relation, today: &mut Today) {
        self.authority |= relation.authority.as_ref().is_some_and(|t| !t.expose().trim().is_empty());
        self.verifier |= relation.verified_by.as_ref().is_some_and(|t| !t.expose().trim().is_empty());
        self.dated |= relation.verified_on.is_some();
        self.out_of_force |= relation.since.is_some_and(|on| !today.surely_reached(on))
            || relation.until.is_some_and(|on| today.perhaps_reached(on));
        if let Some(answer) = relation.alleged_perpetrator {
            self.perpetrator.see(answer as u8);
        }
        if let Some(agrees) = relation.child_agrees {
            self.agrees.see(agrees as u8);
        }
        self.codes_known |= relation.needs_codes.is_some();
        self.restrict(relation);
        for wish in &relation.languages {
            if !self.languages.contains(wish) {
                self.languages.push(wish.clone());
            }
        }
    }

    /// What counts of an earlier version too. A release told without a date answers nothing.
    fn restrict(&mut self, relation: &Relation) {
        self.blocked |= matches!(relation.vital, Some(Vital::Dead | Vital::BelievedDead))
            || matches!(relation.liberty, Some(Liberty::Detained | Liberty::ReleasedConfirmed));
        if relation.alleged_perpetrator == Some(Answer::Yes) {
            self.perpetrator.see(Answer::Yes as u8);
        }
        if relation.child_agrees == Some(ChildAgrees::No) {
            self.agrees.see(ChildAgrees::No as u8);
        }
        for code in relation.needs_codes.iter().flatten() {
            match codes::need(code) {
                Some(Meaning::NoEffect | Meaning::Alone | Meaning::Apart) => {}
                Some(Meaning::AllegedPerpetrator) => self.perpetrator.see(Answer::Yes as u8),
                Some(Meaning::Deaf) => self.needs.0 |= Needs::DEAF,
                Some(Meaning::Blind) => self.needs.0 |= Needs::BLIND,
                Some(Meaning::Speech) => self.needs.0 |= Needs::SPEECH,
                Some(Meaning::Mental) => self.needs.0 |= Needs::MENTAL,
                _ => self.blocked = true,
            }
        }
    }

    fn apply(&mut self, status: &GuardianStatus) {
        self.blocked |= status.fires;
        // the rules for the guardian as a person have read the guardian's own codes
        self.codes_known = true;
        if let Some(literacy) = status.literacy {
            self.literacy.see(literacy as u8);
        }
        for need in &status.access {
            self.needs.0 |= need_flag(*need);
        }
    }

    pub(crate) fn mark_perpetrator(&mut self) {
        self.perpetrator.see(Answer::Yes as u8);
    }

    pub(crate) const fn child_disagrees(&self) -> bool {
        self.agrees.has(ChildAgrees::No as u8)
    }

    pub(crate) const fn named(&self) -> Named<'a> {
        self.named
    }

    pub(crate) fn atoms(&self) -> Atoms {
        let mut a = need_atoms(self.needs);
        let agrees = self.agrees.known() && !self.child_disagrees();
        let verified = self.authority
            && self.verifier
            && self.dated
            && !self.out_of_force
            && self.perpetrator.only(Answer::No as u8)
            && agrees;
        a.add_if(!verified, A::GuardianNotVerified);
        a.add_if(self.blocked, A::GuardianBlocked);
        a.add_if(!self.codes_known, A::GuardianCodesUnknown);
        a.add_if(self.literacy.has(Literacy::Cannot as u8), A::CannotRead);
        a.add_if(!self.literacy.known(), A::LiteracyUnknown);
        a
    }
}

/// One version of a record, as far as relations go.
pub(crate) struct Version<'a> {
    pub(crate) register: (&'a str, &'a str),
    pub(crate) id: RecordId,
    pub(crate) relations: &'a [Relation],
    /// A current version names recipients; an earlier one only restricts.
    pub(crate) current: bool,
}

/// The guardians of all current versions, in the order in which they are first named; earlier versions restrict them.
pub(crate) fn collect<'a>(
    versions: &[Version<'a>],
    statuses: &[GuardianStatus],
    today: &mut Today,
) -> Vec<Guardian<'a>> {
    let mut all: Vec<Guardian<'a>> = Vec::new();
    let guardians = |version: &Version<'a>| {
        let register = version.register;
        version
            .relations
            .iter()
            .zip(0u8..)
            .filter(|(r, _)| r.kind == RelationKind::Guardian)
            .map(move |(relation, index)| (Named { register, relation }, index))
    };
    for version in versions.iter().filter(|v| v.current) {
        for (named, index) in guardians(version) {
            let place = all.iter().position(|g| surely_same(g.named, named)).unwrap_or(all.len());
            if place == all.len() {
                if place == MAX_GUARDIANS {
                    continue;
                }
                all.push(Guardian::new(named));
            }
            all[place].read(named.relation, today);
            all[place].relations.push((version.id, index));
        }
    }
    for version in versions.iter().filter(|v| !v.current) {
        for (named, _) in guardians(version) {
            for guardian in all.iter_mut().filter(|g| perhaps_same(g.named, named)) {
                guardian.restrict(named.relation);
            }
        }
    }
    for guardian in &mut all {
        for status in statuses {
            if guardian.relations.contains(&status.relation) {
                guardian.apply(status);
            }
        }
    }
    all
}

/// Recipients are numbered with one byte, and a set of guardians is kept in 64 bits. Further guardians get no route.
pub(crate) const MAX_GUARDIANS: usize = 64;
