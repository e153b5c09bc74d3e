//! The operators' commands. Names are a stable surface: scripts rely on them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

mod desk;
mod words;

pub use desk::{CloseArgs, HotlineCommand, HotlineOutcome, TaskCommand, TaskId, TaskOutcome};
pub use words::{ApproveArgs, ExportArgs, ImportWordsArgs, LocalesCommand, PreviewArgs, StateArg};

/// Tells the people affected by a data breach, each in their language and by a channel that is safe for them.
#[derive(Parser)]
#[command(name = "tidings", version, max_term_width = 110, after_help = "Start with: tidings demo")]
pub struct Cli {
    /// Configuration file (default: ./tidings.toml where there is one).
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Answer with one JSON value.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Commands of design.md section 8, as far as they exist.
#[derive(Subcommand)]
pub enum Command {
    /// The whole job, embedded, on a synthetic population, with a summary.
    #[command(after_help = "Example: tidings demo --people 2000 --seed 7")]
    Demo(DemoArgs),
    /// Set up configuration, keys, two operators and the store.
    #[command(after_help = "Example: tidings init --operators anna,ben")]
    Init {
        /// Names of the first two operators.
        #[arg(long, value_delimiter = ',', default_value = "first,second")]
        operators: Vec<String>,
    },
    /// Check everything that can be wrong before it is.
    #[command(after_help = "Example: tidings doctor --json")]
    Doctor,
    /// Operators.
    #[command(subcommand, after_help = "Example: tidings operator list")]
    Operator(OperatorCommand),
    /// What waits for a second person.
    #[command(subcommand, after_help = "Example: tidings action sign act_… --as ben")]
    Action(ActionCommand),
    /// Facts of the incident, versioned.
    #[command(
        subcommand,
        after_help = "Example: tidings incident example > incident.toml\n         tidings incident put incident.toml"
    )]
    Incident(IncidentCommand),
    /// Societies: languages, hotline, risk tiers, what they offer.
    #[command(
        subcommand,
        after_help = "Example: tidings society example > kenya.toml\n         tidings society put kenya.toml --as anna"
    )]
    Society(SocietyCommand),
    /// Gateways of Societies.
    #[command(subcommand, after_help = "Example: tidings gateway add KE --keys ke.jwks --as anna")]
    Gateway(GatewayCommand),
    /// Receipts of Societies without a gateway of their own.
    #[command(subcommand, after_help = "Example: tidings receipt import ke.csv --society KE --as anna")]
    Receipt(ReceiptCommand),
    /// Read a register file. Importing twice changes nothing.
    #[command(
        after_help = "Example: tidings import people.csv --manifest people.toml --mapping map.toml --incident inc_…\nDrafts:  tidings import people.csv --draft-mapping > map.toml\n         tidings import people.csv --draft-manifest --society KE --system aid > people.toml"
    )]
    Import(ImportArgs),
    /// What people know about somebody's safety and no register says. Tightening takes one operator, loosening two.
    #[command(
        subcommand,
        after_help = "Example: tidings protect set prs_… --fact contact.1.safe=no --fact needs_codes=SV-VA --as anna"
    )]
    Protect(ProtectCommand),
    /// Find out which records are the same person.
    #[command(subcommand, after_help = "Example: tidings dedupe run --incident inc_…")]
    Dedupe(DedupeCommand),
    /// Campaigns.
    #[command(subcommand, after_help = "Example: tidings campaign plan --incident inc_… --name first")]
    Campaign(CampaignCommand),
    /// Persons whom nothing may reach yet, and who has to do what.
    #[command(subcommand, after_help = "Example: tidings hold list --campaign cmp_… --owner caseworker")]
    Hold(HoldCommand),
    /// What teams do in person: one task at a time is opened, and every opening is on record.
    #[command(subcommand, after_help = "Example: tidings task open 6f2b3a1e-… --as anna")]
    Task(TaskCommand),
    /// Whether a code that a caller reads out stands in one of our messages. Says nothing else.
    #[command(after_help = "Example: tidings verify K7M4Q-X9T2L --as anna")]
    Verify {
        /// Code.
        code: String,
        /// Whose desk asks: after ten wrong codes in an hour it hears nothing more.
        #[command(flatten)]
        signer: Signer,
    },
    /// What came of a call.
    #[command(subcommand, after_help = "Example: tidings hotline record K7M4Q-X9T2L informed --checked --as anna")]
    Hotline(HotlineCommand),
    /// Why a person may be told what, and by which channel.
    #[command(after_help = "Example: tidings explain --policy")]
    Explain(ExplainArgs),
    /// Show a notice in its words.
    #[command(
        after_help = "Example: tidings preview --notice initial --audience enquirer --language fr --channel sms --level L3\nor all of them on a page: tidings preview --gallery --out gallery/"
    )]
    Preview(PreviewArgs),
    /// Words: completeness, approvals, lint.
    #[command(subcommand, after_help = "Example: tidings locales check")]
    Locales(LocalesCommand),
    /// Text messages.
    #[command(subcommand, after_help = "Example: echo '{\"text\":\"hello\"}' | tidings sms count")]
    Sms(SmsCommand),
    /// Linkage on a CSV file, without a store.
    #[command(after_help = "Example: tidings link people.csv --map map.toml --out clusters.csv --json")]
    Link(LinkArgs),
    /// Run one stage, or all of them.
    #[command(after_help = "Example: tidings worker plan")]
    Worker(WorkerArgs),
    /// The append-only record of who did what.
    #[command(subcommand, after_help = "Example: tidings audit verify")]
    Audit(AuditCommand),
    /// Registers of invented people, with ground truth.
    #[command(
        after_help = "Example: tidings synth --people 10000 --seed 1 --profiles canonical,csv,pfif-xml --out registers/"
    )]
    Synth(SynthArgs),
}

/// `tidings demo`.
#[derive(Args, Clone)]
pub struct DemoArgs {
    /// How many invented people.
    #[arg(long, default_value_t = 2000)]
    pub people: usize,
    /// Same seed, same people.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Keep the folder with database and keys here instead of deleting it.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

/// Who signs.
#[derive(Args, Clone)]
pub struct Signer {
    /// Operator who signs: a name under keys/operators in the home folder, or the path of a key file.
    #[arg(long = "as", value_name = "OPERATOR")]
    pub operator: String,
}

impl Signer {
    /// The operator of a command that does not always ask for one.
    #[must_use]
    pub const fn of(operator: String) -> Self {
        Self { operator }
    }
}

/// `tidings operator`.
#[derive(Subcommand)]
pub enum OperatorCommand {
    /// Propose a new operator; a second person signs.
    Add {
        /// Name.
        name: String,
        /// Public key, 64 hex digits (`tidings operator key NAME` makes one on the new operator's machine).
        #[arg(long)]
        key: String,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
    /// Make a key file for yourself and print its public key.
    Key {
        /// Name.
        name: String,
    },
    /// Who may act.
    List,
    /// Propose to revoke an operator; a second person signs.
    Revoke {
        /// Id.
        operator: domain::OperatorId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
}

/// `tidings action`.
#[derive(Subcommand)]
pub enum ActionCommand {
    /// What waits.
    List,
    /// One action, whole.
    Show {
        /// Id.
        action: domain::ActionId,
    },
    /// Sign as the second person; it is carried out at once.
    Sign {
        /// Id.
        action: domain::ActionId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
}

/// `tidings incident`.
#[derive(Subcommand)]
pub enum IncidentCommand {
    /// Print an example of the file, with every key explained.
    Example,
    /// Record facts (TOML). The first version makes the incident and its keys.
    Put {
        /// File.
        file: PathBuf,
        /// Incident whose facts these are; absent: a new one.
        #[arg(long)]
        incident: Option<domain::IncidentId>,
    },
    /// Facts of an incident, or the list of incidents.
    Show {
        /// Id.
        incident: Option<domain::IncidentId>,
    },
}

/// `tidings society`.
#[derive(Subcommand)]
pub enum SocietyCommand {
    /// Print an example of the file, with every key explained.
    Example,
    /// Propose a Society's context (TOML); a second person signs.
    Put {
        /// File.
        file: PathBuf,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
    /// Societies.
    List,
}

/// `tidings gateway`.
#[derive(Subcommand)]
pub enum GatewayCommand {
    /// Propose a gateway's public keys (JWK set); a second person signs.
    Add {
        /// Society.
        society: domain::SocietyCode,
        /// JWK set with one X25519 and one Ed25519 public key.
        #[arg(long, value_name = "FILE")]
        keys: PathBuf,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
    /// Gateways and their keys.
    List,
    /// Set up a gateway's account at RabbitMQ: it may read its own queue and write its own receipts, nothing else.
    /// Without --management-url-file the commands are printed instead.
    #[command(
        after_help = "Example: tidings gateway provision KE --management-url-file mgmt.url --out for-ke/ --as anna"
    )]
    Provision(Provision),
    /// Propose new keys for a gateway (--keys), or, when nothing needs the old ones, their end (without). A second
    /// person signs.
    #[command(after_help = "Example: tidings gateway rotate KE --keys ke-2027.jwks --as anna")]
    Rotate(Rotate),
    /// Check anybody's gateway against the contract: plays a scripted campaign and says what it did wrong.
    #[command(after_help = "Example: tidings gateway check KE --folder check/ --keys ke.jwks")]
    Check(Check),
    /// Take the sealed messages that wait for a gateway into a file, for a Society without a line.
    #[command(after_help = "Example: tidings gateway export KE --file ke-1.jsonl --as anna")]
    Export(Courier),
    /// Hand over the sealed receipts that a Society gave back as a file.
    #[command(after_help = "Example: tidings gateway import KE --file ke-receipts.jsonl --as anna")]
    Import(Courier),
    /// Declare queues and exchanges on the broker: once, before workers start.
    Declare {
        /// Those of drills.
        #[arg(long)]
        drill: bool,
    },
}

/// `tidings gateway provision`.
#[derive(Args)]
pub struct Provision {
    /// Society.
    pub society: domain::SocietyCode,
    /// For drills.
    #[arg(long)]
    pub drill: bool,
    /// File with `https://user:password@host:15671` of RabbitMQ's management API, readable by you alone.
    #[arg(long, value_name = "FILE")]
    pub management_url_file: Option<PathBuf>,
    /// Folder for what the Society is given: its login, and the public keys of Tidings.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// Who does it.
    #[command(flatten)]
    pub signer: Signer,
}

/// `tidings gateway rotate`.
#[derive(Args)]
pub struct Rotate {
    /// Society.
    pub society: domain::SocietyCode,
    /// JWK set with the new public keys; absent: revoke those that are being rotated out.
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Somebody else has the keys: revoke all that are known now, whatever still needs them.
    #[arg(long, conflicts_with = "keys")]
    pub compromised: bool,
    /// For drills.
    #[arg(long)]
    pub drill: bool,
    /// Who signs.
    #[command(flatten)]
    pub signer: Signer,
}

/// `tidings gateway check`.
#[derive(Args)]
pub struct Check {
    /// Society that the gateway is configured for.
    pub society: domain::SocietyCode,
    /// Folder of the check: its keys, and `in/` and `out/` for a gateway that works with files. The first run makes the
    /// keys and stops.
    #[arg(long, value_name = "DIR")]
    pub folder: PathBuf,
    /// The gateway's public keys (JWK set).
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Channels that the gateway offers; absent: all remote ones.
    #[arg(long, value_delimiter = ',')]
    pub channels: Vec<domain::Channel>,
    /// File with the AMQP URL of an empty virtual host, for a gateway on RabbitMQ.
    #[arg(long, value_name = "FILE")]
    pub amqp_url_file: Option<PathBuf>,
    /// Seconds to wait for the answers to each of the two acts.
    #[arg(long, default_value_t = 60)]
    pub wait: u64,
}

/// `tidings gateway export|import`.
#[derive(Args)]
pub struct Courier {
    /// Society.
    pub society: domain::SocietyCode,
    /// JSONL of JOSE: one message, or one batch of receipts, a line.
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
    /// Those of drills.
    #[arg(long)]
    pub drill: bool,
    /// Who carries it.
    #[command(flatten)]
    pub signer: Signer,
}

/// `tidings receipt`.
#[derive(Subcommand)]
pub enum ReceiptCommand {
    /// Record receipts from a CSV (attempt,kind,at,code) that you answer for; they are counted apart.
    Import {
        /// File.
        file: PathBuf,
        /// Society that reports.
        #[arg(long)]
        society: domain::SocietyCode,
        /// Who answers for it.
        #[command(flatten)]
        signer: Signer,
    },
}

/// `tidings import`.
#[derive(Args)]
pub struct ImportArgs {
    /// Register file.
    pub file: PathBuf,
    /// Manifest (TOML): society, export date, profile, row count, SHA-256, what the export carries.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["draft_mapping", "draft_manifest"])]
    pub manifest: Option<PathBuf>,
    /// Mapping of columns and values (TOML), for CSV and workbooks.
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// Incident the people are affected by.
    #[arg(long, required_unless_present_any = ["draft_mapping", "draft_manifest"])]
    pub incident: Option<domain::IncidentId>,
    /// What wrote the file: canonical, csv, xlsx, primero-json, primero-xlsx, primero-csv, pfif-xml, pfif-csv. An import
    /// is refused where its manifest says something else.
    #[arg(long)]
    pub profile: Option<registers::Profile>,
    /// Where to write the numbers of quarantined rows (default: FILE.quarantine.csv, only when there are any).
    #[arg(long, value_name = "FILE")]
    pub quarantine: Option<PathBuf>,
    /// Give up an unfinished import of another file of this register, where nothing of it was applied.
    #[arg(long)]
    pub replace: bool,
    /// Import an export although a later one of this register was imported: it undoes what that one brought.
    #[arg(long)]
    pub older: bool,
    /// Import nothing: draft a mapping from the file's headers, and show which columns and values stay unmapped. With
    /// --mapping: what that mapping leaves open.
    #[arg(long, conflicts_with = "draft_manifest")]
    pub draft_mapping: bool,
    /// Import nothing: draft the manifest of the file, with its rows and digest.
    #[arg(long, requires = "society", requires = "system")]
    pub draft_manifest: bool,
    /// For --draft-manifest: whose register it is.
    #[arg(long)]
    pub society: Option<domain::SocietyCode>,
    /// For --draft-manifest: the system it was exported from.
    #[arg(long)]
    pub system: Option<String>,
    /// For drafts: encoding of a text file.
    #[arg(long)]
    pub encoding: Option<registers::Encoding>,
    /// For drafts: sheet of a workbook (default: the first for a manifest, all of them for a mapping).
    #[arg(long)]
    pub sheet: Option<String>,
}

/// Whom a statement is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProtectTarget {
    /// The person.
    Person(domain::PersonId),
    /// The person, through one record; a fact that loosens stays with that record.
    Record(domain::RecordId),
}

impl std::str::FromStr for ProtectTarget {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let record = || text.parse().map(Self::Record);
        text.parse().map(Self::Person).or_else(|_| record()).map_err(|_| "expected a person's or a record's id")
    }
}

/// `tidings protect`.
#[derive(Subcommand)]
pub enum ProtectCommand {
    /// State facts about a person or a record.
    Set(ProtectSetArgs),
    /// What was stated, by whom and when, and the contact points by number. Every look is on record.
    Show {
        /// Person or record.
        target: ProtectTarget,
        /// Who looks.
        #[command(flatten)]
        signer: Signer,
    },
}

/// `tidings protect set`.
#[derive(Args)]
pub struct ProtectSetArgs {
    /// Person or record.
    pub target: ProtectTarget,
    /// FACT=VALUE, as often as needed. `tidings protect show` numbers contact points and guardians.
    #[arg(long, value_name = "FACT=VALUE")]
    pub fact: Vec<String>,
    /// FACT=VALUE lines, so that no name or code word stays in the shell's history; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Who states it.
    #[command(flatten)]
    pub signer: Signer,
}

/// `tidings dedupe`.
#[derive(Subcommand)]
pub enum DedupeCommand {
    /// Link records to persons again.
    Run {
        /// Incident.
        #[arg(long)]
        incident: domain::IncidentId,
    },
    /// Pairs that a person decides: one after the other with single keys, or by name.
    #[command(after_help = "Example: tidings dedupe review --incident inc_… --as anna")]
    Review(ReviewArgs),
    /// Why two records, or two persons, are one person or are not: the weights in words.
    #[command(after_help = "Example: tidings dedupe explain rec_… rec_… --as anna")]
    Explain {
        /// Record or person.
        a: Who,
        /// Record or person; the same person twice: why its records are one.
        b: Who,
        /// Who looks: the records are shown side by side, and that is audited.
        #[arg(long = "as", value_name = "OPERATOR")]
        viewer: Option<String>,
    },
    /// Records that were merged wrongly leave a person; a second person signs.
    #[command(after_help = "Example: tidings dedupe undo prs_… --record rec_… --as anna")]
    Undo {
        /// Person.
        person: domain::PersonId,
        /// Record that leaves; several leave together. None named: all records part.
        #[arg(long = "record")]
        records: Vec<domain::RecordId>,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
}

/// A record or a person, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A record.
    Record(domain::RecordId),
    /// A person.
    Person(domain::PersonId),
}

impl std::str::FromStr for Who {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let prefix = |p: &str| text.strip_prefix(p).is_some_and(|rest| rest.starts_with('_'));
        if prefix(domain::PersonId::PREFIX) {
            return text.parse::<domain::PersonId>().map(Self::Person).map_err(|e| e.to_string());
        }
        if prefix(domain::RecordId::PREFIX) {
            return text.parse::<domain::RecordId>().map(Self::Record).map_err(|e| e.to_string());
        }
        Err(format!("an id begins with {}_ or {}_", domain::RecordId::PREFIX, domain::PersonId::PREFIX))
    }
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Record(id) => id.fmt(f),
            Self::Person(id) => id.fmt(f),
        }
    }
}

/// `tidings dedupe review`.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ReviewArgs {
    /// One pair, or the list; without it, pairs come one after the other.
    #[command(subcommand)]
    pub command: Option<ReviewCommand>,
    /// Incident whose pairs are gone through.
    #[arg(long)]
    pub incident: Option<domain::IncidentId>,
    /// How many pairs, at most 25.
    #[arg(long, default_value_t = 25)]
    pub limit: u32,
    /// Who decides; every look is audited.
    #[arg(long = "as", value_name = "OPERATOR")]
    pub operator: Option<String>,
}

/// `tidings dedupe review …`.
#[derive(Subcommand)]
pub enum ReviewCommand {
    /// Undecided pairs, most valuable first.
    List {
        /// Incident.
        #[arg(long)]
        incident: domain::IncidentId,
        /// How many.
        #[arg(long, default_value_t = 20)]
        limit: u32,
        /// Who looks: the records are shown side by side, and that is audited.
        #[arg(long = "as", value_name = "OPERATOR")]
        viewer: Option<String>,
    },
    /// The two records are one person; a second person signs.
    Accept {
        /// First record.
        a: domain::RecordId,
        /// Second record.
        b: domain::RecordId,
        /// Incident.
        #[arg(long)]
        incident: domain::IncidentId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
    /// The two records are two persons.
    Reject {
        /// First record.
        a: domain::RecordId,
        /// Second record.
        b: domain::RecordId,
        /// Incident.
        #[arg(long)]
        incident: domain::IncidentId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
}

/// `tidings campaign`.
#[derive(Subcommand)]
pub enum CampaignCommand {
    /// Make a campaign and plan every person of the incident.
    Plan {
        /// Incident.
        #[arg(long)]
        incident: domain::IncidentId,
        /// Short name for operators.
        #[arg(long)]
        name: String,
        /// Size of the first wave; 0: none.
        #[arg(long, default_value_t = 20)]
        canary: u32,
        /// Size of later waves; 0: one wave for all.
        #[arg(long, default_value_t = 0)]
        wave: u32,
    },
    /// What the campaign would do, counted; before anybody approves it.
    Show {
        /// Id.
        campaign: domain::CampaignId,
        /// Price of one segment of a text message, such as 0.045; the messages are counted in any case.
        #[arg(long, value_parser = crate::commands::price)]
        sms_rate: Option<u64>,
    },
    /// Propose approval as the first person; the second signs the action.
    Approve {
        /// Id.
        campaign: domain::CampaignId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
    /// Start an approved campaign. Refused when anything the approval covers has changed.
    Launch {
        /// Id.
        campaign: domain::CampaignId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
    /// Pause; takes one person.
    Pause {
        /// Id.
        campaign: domain::CampaignId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
    /// Propose to go on; a second person signs.
    Resume {
        /// Id.
        campaign: domain::CampaignId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
    /// Stop for good and recall what was not sent on; takes one person. Stopping again sends the recalls again.
    Stop {
        /// Id.
        campaign: domain::CampaignId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
    /// Ledger, states, holds, reach; from the rows of the store.
    Status {
        /// Id.
        campaign: domain::CampaignId,
    },
    /// Close; refused unless the ledger balances and everybody is at an end.
    Close {
        /// Id.
        campaign: domain::CampaignId,
        /// Who signs.
        #[command(flatten)]
        signer: Signer,
    },
}

/// `tidings hold`.
#[derive(Subcommand)]
pub enum HoldCommand {
    /// Work list.
    List {
        /// Campaign.
        #[arg(long)]
        campaign: domain::CampaignId,
        /// Only what this owner has to do.
        #[arg(long)]
        owner: Option<domain::decision::Owner>,
        /// How many.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// One person's hold.
    Show {
        /// Campaign.
        #[arg(long)]
        campaign: domain::CampaignId,
        /// Person.
        person: domain::PersonId,
    },
    /// Propose to set one rule aside for named persons on named routes; a second person signs.
    #[command(
        after_help = "Example: tidings hold lift prs_… --rule R18 --route self/sms/1 --level L3 --reason 'Number confirmed in person' --as anna"
    )]
    Lift(LiftArgs),
}

/// `tidings hold lift`.
#[derive(Args)]
pub struct LiftArgs {
    /// Persons.
    #[arg(required = true)]
    pub persons: Vec<domain::PersonId>,
    /// Rule that is set aside; the others still apply.
    #[arg(long)]
    pub rule: domain::decision::RuleId,
    /// self/CHANNEL, self/CHANNEL/N or guardian.K/CHANNEL/N; N as `tidings protect show` numbers contact points.
    #[arg(long, required = true)]
    pub route: Vec<String>,
    /// Up to this level.
    #[arg(long)]
    pub level: domain::Level,
    /// One sentence without names, numbers or addresses: it is kept in clear.
    #[arg(long)]
    pub reason: String,
    /// Days until it ends by itself.
    #[arg(long, default_value_t = protection::LIFT_DAYS)]
    pub days: i64,
    /// Who signs first.
    #[command(flatten)]
    pub signer: Signer,
}

/// `tidings explain`.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct ExplainArgs {
    /// Person.
    pub person: Option<domain::PersonId>,
    /// NDJSON of facts; the decisions come out as NDJSON. `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub facts: Option<PathBuf>,
    /// The rules as a table.
    #[arg(long)]
    pub policy: bool,
}

/// `tidings sms`.
#[derive(Subcommand)]
pub enum SmsCommand {
    /// NDJSON `{"text":…}` on stdin, counts on stdout.
    Count,
}

/// `tidings link`.
#[derive(Args)]
pub struct LinkArgs {
    /// CSV file.
    pub file: PathBuf,
    /// Which column is what (TOML).
    #[arg(long, value_name = "FILE")]
    pub map: PathBuf,
    /// Where the clusters go.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Where scored pairs go.
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,
    /// Where the learned model goes.
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Probability from which a pair may be merged.
    #[arg(long, value_name = "P")]
    pub threshold: Option<f64>,
}

/// Stages that `tidings worker` runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum WorkerName {
    /// Sealed staging to records.
    Import,
    /// Records to persons.
    Dedupe,
    /// Persons to notifications.
    Plan,
    /// Notifications to attempts.
    Release,
    /// Attempts to sealed messages.
    Localise,
    /// Sealed messages to gateways.
    Dispatch,
    /// Receipts to states.
    Record,
    /// What waited too long is rung again.
    Reconcile,
    /// Everything in one process.
    All,
}

/// `tidings worker`.
#[derive(Args)]
pub struct WorkerArgs {
    /// Stage.
    pub name: WorkerName,
    /// Work for drills instead of real campaigns.
    #[arg(long)]
    pub drill: bool,
}

/// `tidings audit`.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Check the chain from its first entry.
    Verify,
}

/// `tidings synth`.
#[derive(Args)]
pub struct SynthArgs {
    /// How many invented people.
    #[arg(long, default_value_t = 2000)]
    pub people: usize,
    /// Same seed, same people.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// National Societies, 1 to 17: the first seven bring a script each.
    #[arg(long, default_value_t = 7)]
    pub societies: usize,
    /// Profiles in which every register is written, as far as they have a place for its people: canonical, csv, xlsx,
    /// primero-json, pfif-xml.
    #[arg(long, value_delimiter = ',', default_value = "canonical")]
    pub profiles: Vec<registers::Profile>,
    /// Folder for registers, manifests and truth.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
