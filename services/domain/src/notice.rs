//! What is to be said: facts, audience, level, form. No words; those belong to localisation.

use serde::{Deserialize, Serialize};

use crate::channel::word;
use crate::{Channel, Form, Level};

word! {
    /// Who is spoken to. The first that applies to a person, in this order (`protection.md` section 1).
    Audience {
        /// A partner organisation, about its published contact data.
        Partner = "partner",
        /// A detainee, orally in a private interview.
        Detainee = "detainee",
        /// A child, through a caseworker.
        Child = "child",
        /// A survivor of violence or trafficking.
        Survivor = "survivor",
        /// A located person who was searched for, orally only.
        Sought = "sought",
        /// A released detainee.
        Released = "released",
        /// A refugee, asylum seeker or migrant.
        Migrant = "migrant",
        /// A bereaved family member, about their own data.
        Bereaved = "bereaved",
        /// An enquirer, or family of a missing person.
        Enquirer = "enquirer",
        /// Staff or volunteer whose login was taken.
        Staff = "staff",
        /// Aid recipient, general adult.
        AidRecipient = "aid_recipient",
        /// A verified guardian, about the family's data.
        Guardian = "guardian",
        /// Everybody: the anonymous public notice.
        Public = "public",
    }
}

word! {
    /// Which notice.
    NoticeKind {
        /// The first notice of the incident.
        Initial = "initial",
        /// New facts, for instance that data were published.
        FollowUp = "follow-up",
        /// A neutral call-back: no breach, tracing, missing, detention, child or asylum word.
        CallBack = "call-back",
        /// Credential notice for staff and volunteers.
        StaffCredentials = "staff-credentials",
        /// Partner organisations.
        Partner = "partner",
        /// Anonymous public notice.
        Public = "public",
    }
}

/// What is said, in which depth and length, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Notice {
    /// Which notice.
    pub kind: NoticeKind,
    /// To whom.
    pub audience: Audience,
    /// How much.
    pub level: Level,
    /// How long; follows from the channel.
    pub form: Form,
    /// Where.
    pub channel: Channel,
}

impl Notice {
    /// The notice that an audience gets on a channel at a level, for an initial campaign.
    #[must_use]
    pub const fn initial(audience: Audience, channel: Channel, level: Level) -> Self {
        let kind = match (level, audience) {
            (Level::L2, _) => NoticeKind::CallBack,
            (_, Audience::Staff) => NoticeKind::StaffCredentials,
            (_, Audience::Partner) => NoticeKind::Partner,
            (_, Audience::Public) => NoticeKind::Public,
            _ => NoticeKind::Initial,
        };
        Self { kind, audience, level, form: channel.form(), channel }
    }
}
