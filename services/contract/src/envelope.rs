//! What a gateway finds when it has opened a message.

use domain::{AttemptId, CampaignId, Channel, Form, Level, Millis, NoticeKind, SocietyCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::parts::{Address, Direction, Parts, SafeHours, Sms, ThirdPartyRule, VoicemailRule};
use crate::version::V1;

/// A message from Tidings to one Society's gateway. Readers ignore members they do not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Envelope {
    /// Always 1.
    pub v: V1,
    /// Id of this message, the same on the AMQP message. Of a recall its own; else the attempt's.
    pub message_id: Uuid,
    /// The attempt: **the idempotency key**. Of a recall: the attempt that is recalled.
    pub attempt_id: AttemptId,
    /// Campaign, the same as in the certificate of the signing key.
    pub campaign: CampaignId,
    /// The Society addressed. A gateway refuses every other.
    pub society: SocietyCode,
    /// A drill: nothing may reach a real person. The same as in the certificate.
    pub drill: bool,
    /// What to do.
    #[serde(flatten)]
    pub content: Content,
}

/// What to do, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "data", rename_all = "snake_case")]
pub enum Content {
    /// Send this to this address.
    Notice(Box<NoticeData>),
    /// Give this task to this office.
    Task(TaskData),
    /// Do not send the attempt, if that is still possible. Answer `withdrawn` or `too_late`.
    Recall(RecallData),
}

/// A rendered notice for a remote channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NoticeData {
    /// A remote channel. A gateway never exchanges it for another.
    pub channel: Channel,
    /// Where it goes. Nowhere else, and never with a copy.
    pub address: Address,
    /// BCP-47.
    #[schemars(length(min = 2, max = 35))]
    pub language: String,
    /// Writing direction.
    pub direction: Direction,
    /// Which notice.
    pub notice: NoticeKind,
    /// L2 or L3.
    pub level: Level,
    /// Short or full.
    pub form: Form,
    /// The words, final: a gateway changes nothing.
    pub parts: Parts,
    /// Not before this instant, in milliseconds since 1970-01-01T00:00:00Z.
    pub not_before: Millis,
    /// Not after this instant: then the answer is `expired`.
    pub not_after: Millis,
    /// Safe hours; absent means any hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<SafeHours>,
    /// When a machine answers.
    #[serde(default)]
    pub voicemail: VoicemailRule,
    /// When somebody else answers.
    #[serde(default)]
    pub third_party: ThirdPartyRule,
    /// Random code that the hotline can check. It proves the message, not the person.
    pub reference: String,
    /// For sms only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<Sms>,
    /// Sender line or caller id, neutral.
    pub sender: String,
}

/// A task for a team, L1: no name, no reason, no channel. The office opens it at Tidings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskData {
    /// Opaque id, to be opened with `tidings task open`.
    pub task_id: Uuid,
    /// Office or team that has the task.
    pub office: String,
    /// BCP-47.
    #[schemars(length(min = 2, max = 35))]
    pub language: String,
    /// To be done by then, in milliseconds since 1970-01-01T00:00:00Z.
    pub due: Millis,
    /// Not to be handed out after this instant.
    pub not_after: Millis,
}

/// A recall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecallData {
    /// When it was decided.
    pub issued: Millis,
}

impl Envelope {
    /// The instant after which the message must not be acted on; a recall has none.
    #[must_use]
    pub const fn not_after(&self) -> Option<Millis> {
        match &self.content {
            Content::Notice(data) => Some(data.not_after),
            Content::Task(data) => Some(data.not_after),
            Content::Recall(_) => None,
        }
    }
}
