//! Contact points: one route end for each place in a current record, with the worst facts of every listing of the
//! same value (P3).

use domain::channel::ContactKind;
use domain::manifest::ContactRef;
use domain::record::{Answer, ContactOwner, ContactPoint, ContactStatus};
use jiff::civil::Date;

use crate::atoms::{Atom as A, Atoms};
use crate::facts::today::{ADULT, BirthBounds, LeapDay, Today, years_after};
use crate::facts::values::Seen;
use crate::facts::windows::Windows;

/// A contact point as the rules see it.
#[derive(Clone)]
pub(crate) struct ContactFacts {
    pub(crate) reference: ContactRef,
    /// Position in the list of records.
    pub(crate) record: u16,
    pub(crate) kind: ContactKind,
    /// What does not depend on the recipient or on the person's other facts.
    base: Atoms,
    owner: Seen,
    /// Guardians whose it is said to be.
    guardians: u64,
    /// Said to be a guardian's without saying whose.
    unnamed_guardian: bool,
    countries: Vec<Country>,
    /// First day on which it can have been recorded.
    recorded: Option<Date>,
    pub(crate) windows: Windows,
}

/// Alpha-2 in upper case.
pub(crate) type Country = [u8; 2];

pub(crate) fn country(text: &str) -> Option<Country> {
    let bytes = text.trim().as_bytes();
    let letters = bytes.len() == 2 && bytes.iter().all(u8::is_ascii_alphabetic);
    letters.then(|| [bytes[0].to_ascii_uppercase(), bytes[1].to_ascii_uppercase()])
}

/// One place where a value is listed.
pub(crate) struct Listing<'a> {
    pub(crate) point: &'a ContactPoint,
    pub(crate) key: u64,
    /// Current, and a route end.
    pub(crate) routed: bool,
    /// An earlier version: only what it restricts counts.
    pub(crate) restricts_only: bool,
    /// Published by the partner organisation whose record this is: imported as its own, safe and nameable.
    pub(crate) partner: bool,
    pub(crate) reference: ContactRef,
    pub(crate) record: u16,
    /// Guardian it belongs to, in the merged list.
    pub(crate) guardian: Option<u8>,
    pub(crate) created_on: Option<Date>,
    /// (others, conflict, unsafe) as linkage knows them.
    pub(crate) shared: bool,
    pub(crate) conflict: bool,
    pub(crate) unsafe_: bool,
}

/// Equal for equal values: letters and digits, in lower case.
pub(crate) fn value_key(point: &ContactPoint) -> u64 {
    let mut hash = crate::digest::Fnv::new();
    hash.write(&[point.kind as u8]);
    let text = point.value.expose();
    if text.is_ascii() {
        for byte in text.bytes().filter(u8::is_ascii_alphanumeric) {
            hash.write(&[byte.to_ascii_lowercase()]);
        }
    } else {
        for c in text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase) {
            hash.write(&(c as u32).to_le_bytes());
        }
    }
    hash.finish()
}

/// What several listings of one value say together.
#[derive(Default)]
struct Merged {
    owner: Seen,
    guardians: u64,
    unnamed_guardian: bool,
    safe: Seen,
    name: Seen,
    compromised: Seen,
    code_name: bool,
    unpublished: bool,
    disused: bool,
    shared: bool,
    conflict: bool,
    unsafe_: bool,
    /// Bit 0: within 12 months; bit 1: older.
    confirmed: Seen,
    first_confirmed: Option<Date>,
    last_change: Option<Date>,
    recorded: Option<Date>,
    recorded_unknown: bool,
    countries: Vec<Country>,
    windows: Windows,
}

impl Merged {
    fn read(&mut self, listing: &Listing<'_>, today: &mut Today) {
        let p = listing.point;
        self.shared |= listing.shared;
        self.conflict |= listing.conflict;
        self.unsafe_ |= listing.unsafe_;
        if matches!(p.status, Some(ContactStatus::Old | ContactStatus::Disabled)) {
            self.disused = true;
        }
        self.read_answers(listing, today);
        if listing.restricts_only {
            return;
        }
        self.code_name |= p.code_name.as_ref().is_some_and(|t| !t.expose().trim().is_empty());
        self.unpublished |= !p.published;
        let confirmed = [p.verified_on, p.safe_confirmed_on].into_iter().flatten().max();
        if let Some(on) = confirmed {
            let year = years_after(on, 1, LeapDay::Before);
            self.confirmed.see(u8::from(today.perhaps_reached(year.tomorrow().unwrap_or(Date::MAX))));
            self.first_confirmed = Some(self.first_confirmed.map_or(on, |d| d.min(on)));
        }
        self.last_change = [self.last_change, p.address_changed_on, p.relation_changed_on].into_iter().flatten().max();
        match p.collected_on.or(listing.created_on) {
            Some(on) => self.recorded = Some(self.recorded.map_or(on, |d| d.min(on))),
            None => self.recorded_unknown = true,
        }
        if let Some(country) = p.country.as_deref().and_then(country)
            && !self.countries.contains(&country)
        {
            self.countries.push(country);
        }
        self.windows.read(p.windows.as_deref());
    }

    /// Owner, safety, naming, compromise. Of an earlier version only a «no», another's ownership, a «compromised».
    fn read_answers(&mut self, listing: &Listing<'_>, today: &mut Today) {
        let p = listing.point;
        let past = listing.restricts_only;
        let owner = p.owner.or(listing.partner.then_some(ContactOwner::Own));
        if let Some(owner) = owner.filter(|o| !past || !matches!(o, ContactOwner::Own | ContactOwner::Guardian)) {
            self.owner.see(owner as u8);
            match (owner, listing.guardian) {
                (ContactOwner::Guardian, Some(guardian)) => self.guardians |= 1 << (guardian % 64),
                (ContactOwner::Guardian, None) => self.unnamed_guardian = true,
                _ => {}
            }
        }
        let expired = p.safe_expires_on.is_some_and(|on| today.perhaps_reached(on));
        let answer = |seen: &mut Seen, value: Option<Answer>| match value.or(listing.partner.then_some(Answer::Yes)) {
            Some(Answer::Yes) if !past && !expired => seen.see(Answer::Yes as u8),
            Some(Answer::No) => seen.see(Answer::No as u8),
            _ => {}
        };
        answer(&mut self.safe, p.safe);
        answer(&mut self.name, p.may_name_org);
        match p.compromised {
            Some(Answer::No) if past => {}
            Some(value) => self.compromised.see(value as u8),
            None => {}
        }
    }

    fn atoms(&self) -> Atoms {
        let mut a = Atoms::NONE;
        let (yes, no) = (Answer::Yes as u8, Answer::No as u8);
        a.add_if(!self.owner.only(ContactOwner::Own as u8), A::NotSelfOwned);
        a.add_if(self.shared, A::Shared);
        a.add_if(self.conflict, A::Conflict);
        a.add_if(self.unsafe_ || self.safe.has(no), A::Unsafe);
        a.add_if(self.disused, A::Disused);
        a.add_if(!self.safe.only(yes), A::SafeNotYes);
        a.add_if(self.name.has(no), A::NameNo);
        a.add_if(!self.name.only(yes), A::NameNotYes);
        a.add_if(!self.code_name, A::NoCodeName);
        a.add_if(!self.confirmed.only(0), A::NotConfirmed);
        let changed = self.last_change.is_some_and(|on| self.first_confirmed.is_none_or(|confirmed| on > confirmed));
        a.add_if(changed, A::ChangedSince);
        a.add_if(!self.compromised.only(no), A::MaybeCompromised);
        let own = self.owner.only(ContactOwner::Own as u8);
        a.add_if(self.unpublished || !own, A::NotPublished);
        a.add_if(!self.windows.known(), A::NoWindow);
        a
    }
}

/// The contact points of the current records, in order.
pub(crate) fn collect(listings: &[Listing<'_>], today: &mut Today) -> Vec<ContactFacts> {
    listings
        .iter()
        .filter(|listing| listing.routed)
        .map(|listing| {
            let mut merged = Merged::default();
            for other in listings.iter().filter(|other| other.key == listing.key) {
                merged.read(other, today);
            }
            let mut base = merged.atoms();
            base.add_if(listing.point.value.expose().trim().is_empty(), A::Disused);
            ContactFacts {
                reference: listing.reference,
                record: listing.record,
                kind: listing.point.kind,
                base,
                owner: merged.owner,
                guardians: merged.guardians,
                unnamed_guardian: merged.unnamed_guardian,
                countries: merged.countries,
                recorded: if merged.recorded_unknown { None } else { merged.recorded },
                windows: merged.windows,
            }
        })
        .collect()
}

impl ContactFacts {
    /// A contact point in a given state of the finite space.
    #[cfg(test)]
    pub(crate) fn for_proof(
        reference: ContactRef,
        kind: ContactKind,
        base: Atoms,
        owner: ContactOwner,
        recorded: Date,
    ) -> Self {
        let mut seen = Seen::default();
        seen.see(owner as u8);
        Self {
            reference,
            record: 0,
            kind,
            base,
            owner: seen,
            guardians: u64::from(owner == ContactOwner::Guardian),
            unnamed_guardian: false,
            countries: vec![*b"KE"],
            recorded: Some(recorded),
            windows: Windows::default(),
        }
    }

    /// Countries that the listings name.
    pub(crate) fn countries(&self) -> &[Country] {
        &self.countries
    }

    /// Atoms as the person's own contact point (`guardian: None`) or as one guardian's.
    pub(crate) fn atoms(&self, guardian: Option<u8>, origins: &[Country], births: &[BirthBounds]) -> Atoms {
        let mut a = self.base;
        let own = match guardian {
            None => self.owner.only(ContactOwner::Own as u8),
            Some(g) => {
                self.owner.only(ContactOwner::Guardian as u8)
                    && !self.unnamed_guardian
                    && self.guardians == 1 << (g % 64)
            }
        };
        a.add_if(!own, A::NotOwn);
        if self.kind != ContactKind::Email {
            let known = !origins.is_empty() && !self.countries.is_empty();
            a.add_if(!known || self.countries.iter().any(|c| origins.contains(c)), A::MaybeInOrigin);
        }
        let adult_then = !births.is_empty()
            && self.recorded.is_some_and(|on| births.iter().all(|b| years_after(b.last, ADULT, LeapDay::After) <= on));
        a.add_if(!adult_then, A::RecordedPerhapsUnder18);
        a
    }
}
