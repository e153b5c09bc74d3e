//! One case: a few people who belong together, their records in the registers, and the truth about them.

use domain::channel::ContactKind;
use domain::record::{ContactPoint, Relation};
use domain::record::{Literacy, Names, Record, RelationKind, Role, Sex, Text};
use domain::{Channel, Level};
use jiff::ToSpan;
use jiff::civil::Date;

use super::dice::Dice;
use super::person::{BirthKept, Habit, Someone};
use super::truth::{Ban, Truth};
use super::world::{Country, SYSTEMS, country};

/// What all cases share.
pub(super) struct World {
    pub(super) now: Date,
    pub(super) seed: u64,
    pub(super) hosts: &'static [Country],
}

/// Index of a register among all: Societies in order, their systems in order.
pub(super) const fn register_at(society: usize, system: usize) -> usize {
    society * SYSTEMS.len() + system
}

/// People who belong together. Stories fill it.
pub(super) struct Case<'w> {
    pub(super) world: &'w World,
    pub(super) dice: Dice,
    /// Society in whose country the case is.
    pub(super) society: usize,
    first: u32,
    used: [u8; 64],
    /// Records by register.
    pub(super) records: Vec<(usize, Record)>,
    /// The people.
    pub(super) truths: Vec<Truth>,
}

/// Most people of one case; stories stay below.
pub(super) const MOST_PEOPLE: usize = 64;

impl<'w> Case<'w> {
    pub(super) fn new(world: &'w World, index: u64, first: u32) -> Self {
        let mut dice = Dice::new(world.seed, index);
        let society = dice.below(world.hosts.len() as u64) as usize;
        Self { world, dice, society, first, used: [0; MOST_PEOPLE], records: Vec::new(), truths: Vec::new() }
    }

    pub(super) fn host(&self) -> &'static Country {
        &self.world.hosts[self.society]
    }

    /// A new person of these groups, native to a country.
    pub(super) fn someone(
        &mut self,
        story: &str,
        groups: &[&str],
        from: &'static Country,
        ages: (i32, i32),
    ) -> Someone {
        let culture = from.culture();
        let here = self.host();
        let dice = &mut self.dice;
        let sex = if dice.percent(50) { Sex::Female } else { Sex::Male };
        let days = i64::from(dice.between(ages.0 * 366, (ages.1 + 1) * 365 - 2));
        let mut born = self.world.now.saturating_sub(days.days());
        if (born.month(), born.day()) == (1, 1) {
            born = born.saturating_add(1.day());
        }
        let given = culture.given(sex == Sex::Male, dice);
        let family = culture.family(dice);
        let number = self.first + self.truths.len() as u32;
        let who = Someone {
            number,
            sex,
            born,
            given,
            family,
            father: culture.given(true, dice),
            mother: culture.given(false, dice),
            culture,
            here,
            from,
            birth_town: dice.below(4) as usize,
            town: dice.below(4) as usize,
            street: dice.below(1 << 30),
            language: usize::from(dice.percent(18)),
            literacy: match dice.below(100) {
                0..70 => Some(Literacy::Reads),
                70..78 => Some(Literacy::Cannot),
                _ => None,
            },
            strong_id: dice.percent(35).then(|| format!("ID{:09}", (u64::from(number) * 48_271 + 11) % 1_000_000_007)),
        };
        self.truths.push(Truth {
            person: number,
            story: story.to_owned(),
            records: Vec::new(),
            groups: groups.iter().map(|g| (*g).to_owned()).collect(),
            names: who.full_names(),
            bans: Vec::new(),
        });
        who
    }

    /// A relative of somebody: family name, country, home and language in common.
    pub(super) fn relative(&mut self, of: &Someone, story: &str, groups: &[&str], ages: (i32, i32)) -> Someone {
        let mut who = self.someone(story, groups, of.from, ages);
        who.family = of.family.clone();
        (who.here, who.town, who.street, who.language) = (of.here, of.town, of.street, of.language);
        self.truth(&who).names = who.full_names();
        who
    }

    pub(super) fn truth(&mut self, who: &Someone) -> &mut Truth {
        let at = (who.number - self.first) as usize;
        &mut self.truths[at]
    }

    /// The person's phone number in the country of presence; `k` up to 3 tells several apart.
    pub(super) fn phone(&self, who: &Someone, k: u64) -> String {
        who.here.phone(u64::from(who.number) * 4 + k)
    }

    /// The person's number in the country of origin.
    pub(super) fn phone_at_home(&self, who: &Someone) -> String {
        who.from.phone(u64::from(who.number) * 4 + 3)
    }

    pub(super) fn email(&self, who: &Someone) -> String {
        format!("person{}@example.org", who.number)
    }

    /// A habit of a register; people under protection keep their whole birth date, as their files do.
    pub(super) fn habit(&mut self, protected: bool) -> Habit {
        let dice = &mut self.dice;
        let birth = match dice.below(100) {
            _ if protected => BirthKept::Day,
            0..58 => BirthKept::Day,
            58..62 => BirthKept::Month,
            62..80 => BirthKept::Year,
            80..92 => BirthKept::Age,
            _ => BirthKept::Nothing,
        };
        Habit { native: dice.percent(40), sloppy: !protected && dice.percent(30), birth }
    }

    /// Writes the person into a register and gives the place of the record in `records`.
    pub(super) fn write(
        &mut self,
        who: &Someone,
        society: usize,
        system: usize,
        roles: &[Role],
        habit: Habit,
    ) -> usize {
        let at = (who.number - self.first) as usize;
        let serial = u32::from(self.used[at]);
        self.used[at] += 1;
        // An odd factor permutes the numbers below 2^32: neighbours in a family are not neighbours in a register.
        let id = (who.number.wrapping_mul(8).wrapping_add(serial)).wrapping_mul(0x9e37_79b1);
        let id = format!("{}-{id:010}", ["T", "A", "C", "P", "X"][system]);
        let register = register_at(society, system);
        let code = self.world.hosts.get(society).map_or("ICRC", |host| host.code);
        let Ok(code) = code.parse() else { return 0 };
        let age_days = self.dice.between(100, 3_600);
        let created = self.world.now.saturating_sub(age_days.days());
        let created = created.max(who.born.saturating_add(20.days())).min(self.world.now);
        let bare = Record::bare(code, SYSTEMS[system], &id);
        let mut record = who.record(bare, created, habit, &mut self.dice);
        record.roles = roles.to_vec();
        self.truth(who).records.push((register, id.as_str().into()));
        self.records.push((register, record));
        self.records.len() - 1
    }

    pub(super) fn at(&mut self, record: usize) -> &mut Record {
        &mut self.records[record].1
    }

    pub(super) fn id_of(&self, record: usize) -> Text {
        self.records[record].1.record_id.clone()
    }

    /// Another register holds the same person too: other spelling, the same phone.
    pub(super) fn elsewhere(&mut self, who: &Someone, first: usize, protected: bool) {
        let (host, icrc) = (self.society, self.world.hosts.len());
        let other_society = if self.dice.percent(30) { icrc } else { host };
        let system = if self.records[first].0 == register_at(host, super::world::AID) {
            super::world::RFL
        } else {
            super::world::AID
        };
        let roles = if system == super::world::RFL { &[Role::RcmSender] } else { &[Role::AidRecipient] };
        let habit = self.habit(protected);
        let copy = self.write(who, other_society, system, roles, habit);
        let shared: Vec<ContactPoint> =
            self.at(first).contacts.iter().filter(|c| c.kind == ContactKind::Phone).take(1).cloned().collect();
        if protected || self.dice.percent(75) {
            self.at(copy).contacts.extend(shared);
        } else {
            let phone = self.phone(who, 2);
            let point = super::person::own(ContactKind::Phone, &phone, who.here, self.world.now, &mut self.dice);
            self.at(copy).contacts.push(point);
        }
        let old = self.records[first].1.clone();
        let new = self.at(copy);
        if protected {
            new.sex = old.sex;
            new.strong_ids = old.strong_ids;
        }
        new.literacy = old.literacy;
        new.displacement = old.displacement;
        new.country_of_origin = old.country_of_origin;
    }

    /// Every name is masked, as exports of protection files do it.
    pub(super) fn mask(&mut self, record: usize) {
        self.at(record).names = Names::default();
    }

    pub(super) fn ban(&mut self, who: &Someone, ban: Ban) {
        self.truth(who).bans.push(ban);
    }

    pub(super) fn only(&mut self, who: &Someone, channels: &[Channel], why: &str) {
        self.ban(who, Ban::Only { channels: channels.to_vec(), why: why.to_owned() });
    }

    pub(super) fn nothing_at_all(&mut self, who: &Someone, why: &str) {
        self.ban(who, Ban::Everything { why: why.to_owned() });
    }

    pub(super) fn never_at(&mut self, who: &Someone, value: &str, why: &str) {
        self.ban(who, Ban::Value { value: value.into(), why: why.to_owned() });
    }

    pub(super) fn neutral_at(&mut self, who: &Someone, value: &str, why: &str) {
        self.ban(who, Ban::Above { level: Level::L2, value: Some(value.into()), channel: None, why: why.to_owned() });
    }

    pub(super) fn never_names(&mut self, who: &Someone, other: &Someone, why: &str) {
        self.ban(who, Ban::Name { names: other.full_names(), why: why.to_owned() });
    }

    /// Where refugees and migrants of this case come from.
    pub(super) fn origin(&mut self) -> &'static Country {
        let host = self.host();
        let code: &&str = self.dice.pick(host.origins);
        country(code)
    }
}

/// A relation of which nothing but its kind and the other record is known.
pub(super) fn relation(kind: RelationKind, record: Option<Text>) -> Relation {
    Relation {
        kind,
        record,
        name: None,
        authority: None,
        verified_by: None,
        verified_on: None,
        since: None,
        until: None,
        alleged_perpetrator: None,
        child_agrees: None,
        languages: Vec::new(),
        vital: None,
        liberty: None,
        needs_codes: None,
        what: None,
    }
}
