//! How operators' statements change what the records say.

use domain::manifest::ContactRef;
use domain::record::{
    Answer, ChildAgrees, ContactOwner, ContactPoint, ContactStatus, Dated, DetentionMarker, Liberty, Record, Relation,
    RelationKind, SafeWindow,
};
use domain::{Millis, RecordId};

use crate::codes;
use crate::facts::contact::value_key;
use crate::facts::statement::{ContactSays, GuardianSays, NewContact, Says, Statement};
use crate::facts::subject::Subject;

/// A version of a record, changed where statements cover it.
pub(crate) struct Patched {
    pub(crate) record: Record,
    id: RecordId,
    at: Millis,
}

/// All versions after the statements, and what the statements say by themselves.
pub(crate) struct Stated {
    pub(crate) current: Vec<Patched>,
    pub(crate) earlier: Vec<Patched>,
    /// Read like one more record of the person.
    pub(crate) said: Record,
    /// Names of the contact points of `said`, in their order.
    pub(crate) given: Vec<ContactRef>,
}

/// The person's contact points as statements leave them: those of the current records, then those that the person gave.
/// `None`: nobody stated anything, they are as the records have them.
#[must_use]
pub fn contact_points(subject: &Subject<'_>) -> Option<Vec<(ContactRef, ContactPoint)>> {
    let stated = apply(subject)?;
    let listed = stated.current.into_iter().flat_map(|version| {
        let name = move |index| ContactRef { record: version.id, index };
        (0u16..).zip(version.record.contacts).map(move |(index, point)| (name(index), point))
    });
    Some(listed.chain(stated.given.into_iter().zip(stated.said.contacts)).collect())
}

/// Applies the statements, oldest first. `None`: there are none.
pub(crate) fn apply(subject: &Subject<'_>) -> Option<Stated> {
    let first = subject.records.first().filter(|_| !subject.statements.is_empty())?;
    let patched = |record: &Record, id, at| Patched { record: record.clone(), id, at };
    let mut said = Record::bare(first.record.society.clone(), &first.record.system, "");
    said.country_of_presence.clone_from(&first.record.country_of_presence);
    let mut stated = Stated {
        current: subject.records.iter().map(|r| patched(r.record, r.id, r.at)).collect(),
        earlier: subject.earlier.iter().map(|e| patched(e.record, e.id, e.at)).collect(),
        said,
        given: Vec::new(),
    };
    for statement in &subject.statements {
        match &statement.says {
            Says::Contact(says) => stated.contact(statement, says),
            Says::Guardian(says) => stated.guardian(statement, says),
            Says::NewContact(new) => stated.give(new),
            says => {
                for version in stated.versions().filter(|v| v.at <= statement.at) {
                    forget(&mut version.record, says);
                }
                say(&mut stated.said, says);
            }
        }
    }
    Some(stated)
}

impl Stated {
    fn versions(&mut self) -> impl Iterator<Item = &mut Patched> {
        self.current.iter_mut().chain(&mut self.earlier)
    }

    /// The version of a record that an operator saw at that time.
    fn seen(&self, id: RecordId, at: Millis) -> Option<&Record> {
        let versions = self.current.iter().chain(&self.earlier);
        versions.filter(|v| v.id == id && v.at <= at).max_by_key(|v| v.at).map(|v| &v.record)
    }

    /// A statement follows the value, not its place: a place may hold another number by now.
    fn contact(&mut self, statement: &Statement, says: &ContactSays) {
        let Some(key) = self.point(says.contact, statement.at).map(value_key) else {
            return;
        };
        for point in self.said.contacts.iter_mut().filter(|p| value_key(p) == key) {
            overwrite(point, says);
        }
        for version in self.versions() {
            let covered = version.at <= statement.at;
            for point in version.record.contacts.iter_mut().filter(|p| value_key(p) == key) {
                if covered { overwrite(point, says) } else { complete(point, says) }
            }
        }
    }

    /// The contact point of a name, as an operator saw it at that time.
    fn point(&self, at: ContactRef, when: Millis) -> Option<&ContactPoint> {
        match self.given.iter().position(|given| *given == at) {
            Some(place) => self.said.contacts.get(place),
            None => self.seen(at.record, when)?.contacts.get(usize::from(at.index)),
        }
    }

    /// Two under one name could not be told apart later: the first counts. A name that a record's own list could use is
    /// none, and what only registers say (published by a partner, a guardian's) is not taken from a caller.
    fn give(&mut self, new: &NewContact) {
        let of_the_person = self.current.iter().any(|v| v.id == new.contact.record);
        if of_the_person && new.contact.index >= ContactRef::STATED && !self.given.contains(&new.contact) {
            self.given.push(new.contact);
            self.said.contacts.push(ContactPoint { published: false, guardian: None, ..new.point.clone() });
        }
    }

    fn guardian(&mut self, statement: &Statement, says: &GuardianSays) {
        let (id, index) = says.relation;
        let seen = self.seen(id, statement.at).and_then(|r| r.relations.as_ref());
        let Some(known) = seen.and_then(|r| r.get(usize::from(index))).cloned() else {
            return;
        };
        let same = |r: &Relation| {
            r.kind == RelationKind::Guardian
                && known.kind == RelationKind::Guardian
                && r.record == known.record
                && r.name == known.name
        };
        for version in self.versions().filter(|v| v.id == id) {
            let covered = version.at <= statement.at;
            for relation in version.record.relations.iter_mut().flatten().filter(|r| same(r)) {
                vouch(relation, says, covered);
            }
        }
    }
}

/// Takes a fact out of a version that a statement covers.
fn forget(record: &mut Record, says: &Says) {
    match says {
        Says::DoNotContact(_) => record.do_not_contact = false,
        Says::LegalHold(_) => record.legal_hold = false,
        Says::RestrictionCoded => record.unparsed_restriction = false,
        Says::CodesResolved => forget_unknown_codes(record),
        Says::Vital(_) => record.vital = None,
        Says::Whereabouts(_) => record.whereabouts = None,
        Says::Released(on) => {
            record.liberty = Some(Dated { value: Liberty::ReleasedConfirmed, as_of: Some(*on) });
        }
        Says::Birth(_) | Says::Age(_) => (record.birth, record.age) = (None, None),
        Says::ChildStatus(_) => record.child_status = None,
        Says::NeedsCodes(_) => record.needs_codes = None,
        Says::Concerns(_) => record.concerns = None,
        Says::CaregiverPerpetrator(_) => record.caregiver_perpetrator = None,
        Says::ConsentSource(_) => (record.consent.source, record.consent.expires_on) = (None, None),
        Says::Withholding(_) => record.consent.withholding = None,
        Says::Displacement(_) => record.displacement = None,
        Says::CountryOfOrigin(_) => record.country_of_origin = None,
        Says::Literacy(_) => record.literacy = None,
        Says::AccessNeeds(_) => record.access_needs = None,
        Says::Detained(_) | Says::Contact(_) | Says::Guardian(_) | Says::NewContact(_) => {}
    }
}

fn forget_unknown_codes(record: &mut Record) {
    record.unknown_codes.clear();
    if let Some(codes) = &mut record.needs_codes {
        codes.retain(|c| codes::need(c).is_some());
    }
    if let Some(concerns) = &mut record.concerns {
        concerns.retain(|c| codes::concern(c).is_some());
    }
    for cause in [&mut record.separation_cause, &mut record.care_change_cause] {
        if cause.as_deref().is_some_and(|c| codes::cause(c).is_none()) {
            *cause = None;
        }
    }
}

/// Puts a fact into the record of what was said.
fn say(said: &mut Record, says: &Says) {
    match says {
        Says::DoNotContact(yes) => said.do_not_contact = *yes,
        Says::LegalHold(yes) => said.legal_hold = *yes,
        Says::Vital(value) => said.vital = Some(Dated { value: *value, as_of: None }),
        Says::Whereabouts(value) => said.whereabouts = Some(Dated { value: *value, as_of: None }),
        Says::Detained(on) => {
            said.detention_markers.get_or_insert_default().push(DetentionMarker { on: *on });
            said.liberty = Some(Dated { value: Liberty::Detained, as_of: *on });
        }
        Says::Released(on) => said.liberty = Some(Dated { value: Liberty::ReleasedConfirmed, as_of: Some(*on) }),
        Says::Birth(birth) => (said.birth, said.age) = (Some(*birth), None),
        Says::Age(age) => (said.birth, said.age) = (None, Some(*age)),
        Says::ChildStatus(status) => said.child_status = Some(*status),
        Says::NeedsCodes(codes) => said.needs_codes = Some(codes.clone()),
        Says::Concerns(concerns) => said.concerns = Some(concerns.clone()),
        Says::CaregiverPerpetrator(answer) => said.caregiver_perpetrator = Some(*answer),
        Says::ConsentSource(source) => said.consent.source = Some(*source),
        Says::Withholding(yes) => said.consent.withholding = Some(*yes),
        Says::Displacement(displacement) => said.displacement = Some(*displacement),
        Says::CountryOfOrigin(country) => said.country_of_origin = Some(country.clone()),
        Says::Literacy(literacy) => said.literacy = Some(*literacy),
        Says::AccessNeeds(needs) => said.access_needs = Some(needs.clone()),
        Says::RestrictionCoded | Says::CodesResolved | Says::Contact(_) | Says::Guardian(_) | Says::NewContact(_) => {}
    }
}

fn put<T: Clone>(field: &mut Option<T>, said: &Option<T>) {
    if said.is_some() {
        field.clone_from(said);
    }
}

/// The version had come in before: the statement knew it.
fn overwrite(point: &mut ContactPoint, says: &ContactSays) {
    put(&mut point.owner, &says.owner);
    put(&mut point.verified_on, &says.verified_on);
    put(&mut point.status, &says.status);
    put(&mut point.may_name_org, &says.may_name_org);
    put(&mut point.windows, &says.windows);
    put(&mut point.code_name, &says.code_name);
    put(&mut point.country, &says.country);
    put(&mut point.compromised, &says.compromised);
    if says.safe.is_some() {
        (point.safe, point.safe_expires_on) = (says.safe, says.safe_expires_on);
    }
    put(&mut point.safe_expires_on, &says.safe_expires_on);
}

/// The version is younger: what it does not say is completed; of two known values the worse one counts.
fn complete(point: &mut ContactPoint, says: &ContactSays) {
    worse(&mut point.owner, says.owner, |_, _| ContactOwner::Household);
    worse(&mut point.status, says.status, |a, b| if a == ContactStatus::Active { b } else { a });
    worse(&mut point.safe, says.safe, |_, _| Answer::No);
    worse(&mut point.may_name_org, says.may_name_org, |_, _| Answer::No);
    worse(&mut point.compromised, says.compromised, |_, _| Answer::Yes);
    worse(&mut point.safe_expires_on, says.safe_expires_on, |a, b| a.min(b));
    worse(&mut point.verified_on, says.verified_on, |a, b| a.max(b)); // an old date that comes in again confirms nothing less
    point.code_name = point.code_name.take().or_else(|| says.code_name.clone());
    match (&point.country, &says.country) {
        (None, said) => point.country.clone_from(said),
        (Some(own), Some(said)) if !own.eq_ignore_ascii_case(said) => point.country = None,
        _ => {}
    }
    match (&point.windows, &says.windows) {
        (None, said) => point.windows.clone_from(said),
        (Some(own), Some(said)) if own != said => point.windows = Some(vec![unreadable()]),
        _ => {}
    }
}

fn worse<T: Copy + PartialEq>(field: &mut Option<T>, said: Option<T>, of: impl Fn(T, T) -> T) {
    *field = match (*field, said) {
        (Some(own), Some(said)) if own != said => Some(of(own, said)),
        (own, said) => own.or(said),
    };
}

/// Two different safe windows: nobody can tell which holds, so that none is used.
fn unreadable() -> SafeWindow {
    SafeWindow { from: jiff::civil::Time::MIN, to: jiff::civil::Time::MIN, weekdays: Vec::new(), zone: None }
}

fn vouch(relation: &mut Relation, says: &GuardianSays, covered: bool) {
    put(&mut relation.authority, &says.authority);
    put(&mut relation.verified_by, &says.verified_by);
    put(&mut relation.verified_on, &says.verified_on);
    if covered {
        put(&mut relation.alleged_perpetrator, &says.alleged_perpetrator);
        put(&mut relation.child_agrees, &says.child_agrees);
    } else {
        worse(&mut relation.alleged_perpetrator, says.alleged_perpetrator, |_, _| Answer::Yes);
        worse(&mut relation.child_agrees, says.child_agrees, |a, b| {
            if a == ChildAgrees::No || b == ChildAgrees::No { ChildAgrees::No } else { a }
        });
    }
}
