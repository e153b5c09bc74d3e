//! Who may be told what: the combinations that the rules can produce, and what each audience must be told beside
//! the general notice (`protection.md` section 4).

use domain::channel::{Recipient, base_level};
use domain::notice::Notice;
use domain::{Audience, Channel, Form, Level, NoticeKind};

/// A piece of a notice that only some audiences get; the name of a flag in the templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Addition {
    /// Data given about relatives; not news; beware of sellers of news.
    Enquirer,
    /// Not given to authorities.
    Authorities,
    /// Certificates and copies of documents.
    Released,
    /// The family's data.
    Guardian,
    /// Someone once asked. Orally only.
    Sought,
    /// Child-friendly words instead of the general ones. Orally only.
    Child,
    /// Safety first. Orally only.
    Survivor,
    /// Private interview only. Orally only.
    Detainee,
    /// Login taken.
    Staff,
    /// Published contact data; warn the people helped.
    Partner,
}

impl Addition {
    /// Flag in the templates.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Enquirer => "enquirer",
            Self::Authorities => "authorities",
            Self::Released => "released",
            Self::Guardian => "guardian",
            Self::Sought => "sought",
            Self::Child => "child",
            Self::Survivor => "survivor",
            Self::Detainee => "detainee",
            Self::Staff => "staff",
            Self::Partner => "partner",
        }
    }

    /// Said only in person, in private.
    #[must_use]
    pub const fn oral(self) -> bool {
        matches!(self, Self::Sought | Self::Child | Self::Survivor | Self::Detainee)
    }
}

/// What an audience must be told beside the general notice.
#[must_use]
pub const fn additions(audience: Audience) -> &'static [Addition] {
    match audience {
        Audience::Enquirer => &[Addition::Enquirer],
        Audience::Sought => &[Addition::Sought],
        Audience::Child => &[Addition::Child],
        Audience::Guardian => &[Addition::Guardian],
        Audience::Detainee => &[Addition::Detainee, Addition::Authorities],
        Audience::Released => &[Addition::Released],
        Audience::Survivor => &[Addition::Survivor],
        Audience::Migrant => &[Addition::Authorities],
        Audience::Staff => &[Addition::Staff],
        Audience::Partner => &[Addition::Partner],
        Audience::Bereaved | Audience::AidRecipient | Audience::Public => &[],
    }
}

/// What an audience must not be told although another one that applies would be.
const fn excludes(audience: Audience, addition: Addition) -> bool {
    match audience {
        // no personal data, nobody in particular
        Audience::Partner | Audience::Public => !matches!(addition, Addition::Partner),
        // a guardian is told about the family's data, nothing about who the guardian is besides
        Audience::Guardian => !matches!(addition, Addition::Guardian | Addition::Enquirer | Addition::Authorities),
        _ => false,
    }
}

/// The additions of the notice's audience and of every other that applies, less what any of them must not contain,
/// less what the channel may not carry. None at L2 or L1: those say the same to everybody.
#[must_use]
pub fn of_notice(notice: &Notice, also: &[Audience]) -> Vec<Addition> {
    if notice.level < Level::L3 {
        return Vec::new();
    }
    let everyone = || std::iter::once(notice.audience).chain(also.iter().copied());
    let mut found: Vec<Addition> = everyone()
        .flat_map(|audience| additions(audience).iter().copied())
        .filter(|addition| !everyone().any(|audience| excludes(audience, *addition)))
        .filter(|addition| notice.channel.is_in_person() || !addition.oral())
        // whose notice it is follows from the audience spoken to, not from another that applies too
        .filter(|addition| {
            !matches!(addition, Addition::Guardian | Addition::Partner) || additions(notice.audience).contains(addition)
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether the rules can produce this notice.
#[must_use]
pub fn producible(notice: &Notice) -> bool {
    notice.form == notice.channel.form() && kind_fits(notice) && level_fits(notice)
}

fn kind_fits(notice: &Notice) -> bool {
    match (notice.kind, notice.level) {
        (NoticeKind::CallBack, level) => level == Level::L2,
        (_, Level::L2) => false,
        (NoticeKind::FollowUp, _) => notice.audience != Audience::Public,
        (kind, _) => kind == Notice::initial(notice.audience, notice.channel, notice.level).kind,
    }
}

/// The levels that base level and rules leave open for an audience on a channel.
fn level_fits(notice: &Notice) -> bool {
    levels(notice.audience, notice.channel).contains(&notice.level)
}

/// Levels that an audience can be told at on a channel, the opaque task included.
#[must_use]
pub fn levels(audience: Audience, channel: Channel) -> &'static [Level] {
    use Audience as A;
    use Channel as C;
    // L3 is for a team whose Society lets it say no more
    const IN_PERSON: &[Level] = &[Level::L1, Level::L3, Level::L4];
    const REMOTE: &[Level] = &[Level::L2, Level::L3];
    let to = if audience == A::Guardian { Recipient::Guardian(0) } else { Recipient::Person };
    if base_level(channel, to).is_none() {
        return &[];
    }
    match (audience, channel) {
        // R03: nothing but the visit, which is planned for nobody else
        (A::Detainee, C::VisitDetention) => IN_PERSON,
        (A::Detainee, _) | (_, C::VisitDetention) => &[],
        // R26: its published address
        (A::Partner, C::Post | C::Email) => REMOTE,
        (A::Partner, _) => &[],
        // the anonymous notice goes to no route; it is a page to print or read out
        (A::Public, C::Post) => &[Level::L3],
        (A::Public, _) => &[],
        // a guardian has no file of his own here
        (A::Guardian, C::FieldVisit) => &[Level::L1, Level::L3],
        (_, C::Caseworker) => IN_PERSON,
        // R15: all but the team
        (A::Child, _) => &[],
        // R07: the team, or a neutral call
        (A::Sought, C::CallLive) => &[Level::L2],
        (A::Sought, _) => &[],
        (_, C::FieldVisit) => IN_PERSON,
        // R16: in person, or a neutral call
        (A::Survivor, C::CallLive) => &[Level::L2],
        (A::Survivor, _) => &[],
        // R25: no phone text
        (A::Staff, C::Sms | C::App | C::Ivr) => &[],
        (A::Staff | A::Guardian | A::Released | A::Migrant | A::Bereaved | A::Enquirer | A::AidRecipient, _) => REMOTE,
    }
}

/// Every notice that the rules can produce.
#[must_use]
pub fn all_producible() -> Vec<Notice> {
    let mut found = Vec::new();
    for &kind in NoticeKind::ALL {
        for &audience in Audience::ALL {
            for &channel in Channel::ALL {
                for &level in Level::ALL {
                    for &form in Form::ALL {
                        let notice = Notice { kind, audience, level, form, channel };
                        if producible(&notice) {
                            found.push(notice);
                        }
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels_of(audience: Audience) -> Vec<(Channel, Vec<Level>)> {
        Channel::ALL.iter().map(|c| (*c, levels(audience, *c).to_vec())).filter(|(_, l)| !l.is_empty()).collect()
    }

    #[test]
    fn nobody_in_danger_is_written_to() {
        for audience in [Audience::Detainee, Audience::Child, Audience::Survivor, Audience::Sought] {
            for (channel, found) in levels_of(audience) {
                assert!(!channel.is_text() && channel != Channel::Ivr, "{audience} {channel}");
                assert!(channel.is_in_person() || found == [Level::L2], "{audience} {channel}");
            }
        }
        let in_person = vec![Level::L1, Level::L3, Level::L4];
        assert_eq!(levels_of(Audience::Detainee), [(Channel::VisitDetention, in_person.clone())]);
        assert_eq!(levels_of(Audience::Child), [(Channel::Caseworker, in_person)]);
    }

    #[test]
    fn nothing_stands_above_its_base_level() {
        for notice in all_producible() {
            let to = if notice.audience == Audience::Guardian { Recipient::Guardian(0) } else { Recipient::Person };
            assert!(base_level(notice.channel, to).is_some_and(|base| notice.level <= base), "{notice:?}");
            assert!(notice.channel.is_in_person() || notice.level != Level::L1);
        }
    }

    #[test]
    fn additions_unite_and_exclusions_win() {
        let notice = Notice::initial(Audience::Released, Channel::Post, Level::L3);
        let also = [Audience::Migrant, Audience::Enquirer, Audience::Sought, Audience::Staff];
        assert_eq!(
            of_notice(&notice, &also),
            [Addition::Enquirer, Addition::Authorities, Addition::Released, Addition::Staff]
        );
        let partner = Notice::initial(Audience::Partner, Channel::Post, Level::L3);
        assert_eq!(of_notice(&partner, &also), [Addition::Partner]);
        let neutral = Notice::initial(Audience::Enquirer, Channel::Sms, Level::L2);
        assert_eq!(of_notice(&neutral, &also), []);
    }
}
